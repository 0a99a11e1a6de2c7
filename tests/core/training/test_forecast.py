from dataclasses import replace

import pytest

from core import datasets
from core.recipe import ARCHITECTURES, SOURCES, Recipe
from core.recipe.presets import preset
from core.runs.snapshot import Epoch
from core.runs.summary import RunSummary
from core.store import Speed
from core.system import machine
from core.training import forecast

QUICK = preset("quick", "digits")


@pytest.fixture
def measured(store):
    for architecture in ARCHITECTURES:
        store.speeds.save(machine.name(), architecture, "float32", Speed(flop_per_s=1e10, step_s=0.01, startup_s=2.0))
    return store


def row(recipe, *, active_s=10.0, state="finished", accuracy=0.9):
    best = Epoch(1, 0.1, 0.9, 0.1, accuracy, 0.001, 1.0, 100.0)
    return RunSummary("r", 1, "mine-1", recipe, state, 0.0, active_s, 360, recipe.epochs, best)


def test_before_anything_is_measured_the_time_is_that_of_a_typical_processor(store):
    expected = forecast.seconds(QUICK, store, [])
    assert 2 < expected < 300
    assert forecast.seconds(QUICK.changed(epochs=20), store, []) > 1.5 * expected
    past = [row(QUICK, active_s=2 * expected)]
    assert forecast.seconds(QUICK, store, past) == pytest.approx(2 * expected), "runs on this machine correct it, too"


def test_time_grows_with_epochs_images_and_arithmetic_and_not_with_the_batch(measured):
    base = forecast.seconds(QUICK, measured, [])
    startup_s = 2.0
    twice = forecast.seconds(QUICK.changed(epochs=2 * QUICK.epochs), measured, [])
    assert twice - startup_s == pytest.approx(2 * (base - startup_s))
    assert forecast.seconds(QUICK.changed(dataset="recipe-split"), measured, []) > 10 * base
    assert forecast.seconds(QUICK.changed(filters_3=128), measured, []) > base
    larger = forecast.seconds(QUICK.changed(batch_size=64), measured, [])
    assert 0 < base - larger < 0.01 * base + 0.01 * QUICK.epochs * 225, "only the fixed cost of the steps is saved"


def test_time_follows_kernels_depth_and_training_images(measured):
    base = forecast.seconds(QUICK, measured, []) - 2.0
    assert forecast.seconds(QUICK.changed(kernel_size=9), measured, []) > 3 * base
    assert forecast.seconds(QUICK.changed(extra_convolutions=4), measured, []) > 1.5 * base
    # 300 of 1,437 images train, and all 360 validate.
    assert 0.2 * base < forecast.seconds(QUICK.changed(training_images=300), measured, []) - 2.0 < 0.3 * base


def test_a_run_with_another_activation_corrects_nothing(measured):
    base = forecast.seconds(QUICK, measured, [])
    other = QUICK.changed(activation="gelu")
    assert forecast.seconds(QUICK, measured, [row(other, active_s=2 * base)]) == pytest.approx(base)
    assert forecast.seconds(other, measured, [row(other, active_s=2 * base)]) == pytest.approx(2 * base)


def test_what_was_measured_with_all_images_promises_nothing_of_a_part(measured):
    assert forecast.accuracy(QUICK.changed(training_images=300), []) is None
    past = [row(QUICK.changed(training_images=300, seed=1), accuracy=0.8)]
    assert forecast.accuracy(QUICK.changed(training_images=300), past) == (0.8, 0.8, 1)


def test_finished_runs_correct_the_measurement_and_others_do_not(measured):
    base = forecast.seconds(QUICK, measured, [])
    twice_as_slow = row(QUICK.changed(epochs=3), active_s=2 * forecast.seconds(QUICK.changed(epochs=3), measured, []))
    assert forecast.seconds(QUICK, measured, [twice_as_slow]) == pytest.approx(2 * base)
    stopped = replace(twice_as_slow, state="stopped")
    elsewhere = row(Recipe(epochs=3), active_s=1000.0)
    assert forecast.seconds(QUICK, measured, [stopped, elsewhere]) == pytest.approx(base)


def test_the_accuracy_to_expect_comes_from_runs_that_differ_in_the_seed_alone(measured):
    past = [row(QUICK.changed(seed=1), accuracy=0.97), row(QUICK.changed(seed=2), accuracy=0.99), row(QUICK.changed(epochs=1))]
    assert forecast.accuracy(QUICK, past) == (0.97, 0.99, 2)
    assert forecast.accuracy(QUICK, [])[2] == 0, "as measured in bench/"
    assert forecast.accuracy(QUICK.changed(epochs=7), past) is None


def test_the_number_of_images_is_known_without_loading_them(mnist):
    for name in SOURCES:
        assert datasets.num_images(name) == len(datasets.load(name))


def test_a_run_with_a_head_start_says_nothing_of_a_recipe(measured):
    branch = replace(row(QUICK), parent_id="a", parent_epoch=2)
    stretched = replace(row(QUICK), added_epochs=2)
    by_hand = replace(row(QUICK), rate_changes=((100, 0.5),))
    assert forecast.accuracy(QUICK, [branch, stretched, by_hand])[2] == 0
    put_back = replace(row(QUICK), rate_changes=((100, 1.0),))
    assert forecast.accuracy(QUICK, [put_back])[2] == 1, "nothing was changed"
    constant = QUICK.changed(schedule="constant")
    assert forecast.accuracy(constant, [replace(row(constant), added_epochs=2)])[2] == 1, "as if it had them from the start"


def test_speeds_measured_on_a_gpu_count_where_tensorflow_used_it_and_else_those_of_the_processor(measured, monkeypatch):
    on_processor = forecast.seconds(QUICK, measured, [])
    monkeypatch.setattr(machine, "gpus", lambda: ["NVIDIA H200"])
    assert forecast.seconds(QUICK, measured, []) == on_processor, "a GPU that TensorFlow has not used yet"
    fast = Speed(flop_per_s=1e13, step_s=0.0003, startup_s=2.0)
    measured.speeds.save(machine.name(with_gpus=True), QUICK.architecture, "float32", fast)
    assert forecast.seconds(QUICK, measured, []) < on_processor
