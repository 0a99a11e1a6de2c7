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
from tests.fakes import ended, until
from tests.runs import TINY

QUICK = preset("quick", "digits")


@pytest.fixture
def measured(store):
    for architecture in ARCHITECTURES:
        store.speeds.save(machine.name(), architecture, "float32", Speed(flop_per_s=1e10, step_s=0.01, startup_s=2.0))
    return store


def row(recipe, *, active_s=10.0, state="finished", accuracy=0.9, startup_s=None):
    best = Epoch(1, 0.1, 0.9, 0.1, accuracy, 0.001, 1.0, 100.0)
    return RunSummary("r", 1, "mine-1", recipe, state, 0.0, active_s, 360, recipe.epochs, best, startup_s=startup_s)


def work_s(recipe, store, startup_s=2.0):
    """What the steps and the scoring of the recipe are measured to take."""
    return forecast.seconds(recipe, store, []) - startup_s


def taken(recipe, store, *, startup_s, pace):
    """A run that needed so many seconds to start up, and `pace` times the measured ones for its work."""
    return row(recipe, active_s=startup_s + pace * work_s(recipe, store), startup_s=startup_s if recipe.epochs > 1 else None)


def test_before_anything_is_measured_the_time_is_that_of_a_typical_processor(store):
    expected = forecast.seconds(QUICK, store, [])
    assert 2 < expected < 300
    assert forecast.seconds(QUICK.changed(epochs=20), store, []) > 1.5 * expected
    past = [row(QUICK, active_s=2 * expected, startup_s=1.0)]
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
    twice_as_slow = taken(QUICK.changed(epochs=3), measured, startup_s=2.0, pace=2)
    assert forecast.seconds(QUICK, measured, [twice_as_slow]) == pytest.approx(2.0 + 2 * work_s(QUICK, measured))
    stopped = replace(twice_as_slow, state="stopped")
    elsewhere = row(Recipe(epochs=3), active_s=1000.0)
    assert forecast.seconds(QUICK, measured, [stopped, elsewhere]) == pytest.approx(base)


def test_what_short_runs_say_of_starting_up_does_not_change_the_forecast_of_a_long_one(measured):
    long = QUICK.changed(epochs=40)
    assert work_s(long, measured) > 100, "starting up is a fiftieth of it"
    for startup_s in (0.3, 8.0):
        past = [taken(QUICK.changed(epochs=2), measured, startup_s=startup_s, pace=1)] * 3
        assert forecast.seconds(long, measured, past) == pytest.approx(work_s(long, measured) + startup_s)
    past = [taken(QUICK.changed(epochs=12), measured, startup_s=1.0, pace=1.5)]
    for epochs in (1, 3, 12, 40):
        again = QUICK.changed(epochs=epochs)
        assert forecast.seconds(again, measured, past) == pytest.approx(1.0 + 1.5 * work_s(again, measured)), "and the other way"


def test_long_runs_count_for_more_than_short_ones_and_a_single_disturbed_one_for_little(measured):
    steady = [taken(QUICK.changed(epochs=20), measured, startup_s=1.0, pace=1.2)] * 2
    disturbed = taken(QUICK.changed(epochs=2), measured, startup_s=1.0, pace=4.0)
    expected = 1.0 + 1.2 * work_s(QUICK, measured)
    assert forecast.seconds(QUICK, measured, [disturbed, *steady]) == pytest.approx(expected)
    assert forecast.seconds(QUICK, measured, [disturbed, disturbed, disturbed, *steady]) == pytest.approx(expected)


def test_a_run_that_worked_for_less_than_starting_up_takes_changes_nothing_but_that(store):
    store.speeds.save(machine.name(), QUICK.architecture, "float32", Speed(flop_per_s=1e12, step_s=1e-4, startup_s=2.0))
    moment = QUICK.changed(epochs=1)
    assert work_s(moment, store) < 0.5
    past = [row(moment, active_s=3.5)]
    assert forecast.seconds(QUICK, store, past) == pytest.approx(forecast.seconds(QUICK, store, []))


@pytest.mark.slow
def test_after_a_real_run_the_same_recipe_is_forecast_to_take_as_long_and_more_epochs_only_longer_by_their_work(make_studio):
    studio = make_studio(None)
    recipe = TINY.changed(epochs=4)
    run = until(studio, studio.submit(recipe), ended)
    (past,) = studio.store.runs.all()
    assert run.state == "finished" and past.startup_s > 0, "TensorFlow traces the step in the first epoch"
    assert run.expected_s > 0 and studio.store.runs.load(run.run_id).expected_s == run.expected_s
    step_s = (run.active_s - past.startup_s) / run.step / 1.3  # as if it had been measured on an idler machine
    studio.store.speeds.save(machine.name(), TINY.architecture, "float32", Speed(1e13, step_s, startup_s=0.01))
    assert forecast.seconds(recipe, studio.store, [past]) == pytest.approx(run.active_s)
    longer = forecast.seconds(recipe.changed(epochs=40), studio.store, [past])
    assert longer == pytest.approx(past.startup_s + 10 * (run.active_s - past.startup_s))
    assert longer < 10 * run.active_s


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
