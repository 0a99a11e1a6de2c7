import threading

import numpy as np
import pytest

from core import datasets
from core.errors import DatasetMissing
from core.recipe import Recipe
from core.store import Speed
from core.system import machine
from core.training import range_tests, rate_suggestion
from core.training.range_tests import RangeTests
from tests.fakes import SOON_S, ScriptedTrainer
from tests.runs import TINY


@pytest.fixture
def trainer():
    return ScriptedTrainer()


@pytest.fixture
def studio(make_studio, data_dir, trainer):
    return make_studio(trainer, data_dir)


def falling(recipe, split, rates, check):
    """Losses that fall until the rate is .1, and grow without bound after it."""
    check(0.5)
    return np.where(rates < 0.1, 2.3 - 2 * np.arange(len(rates)) / len(rates), 50.0)


def finished(tests, recipe):
    return tests.jobs.wait(range_tests.key(recipe), SOON_S)


def test_a_test_is_kept_for_every_recipe_that_differs_in_nothing_that_matters(studio):
    tests = RangeTests(studio, falling)
    assert tests.job(TINY) is None
    tests.start(TINY)
    found = finished(tests, TINY).result
    assert not found.trouble and tests.job(TINY).result is found
    for change in ({"learning_rate": 0.5}, {"schedule": "constant"}, {"epochs": 9}, {"stop_minutes": 1.0}):
        assert tests.job(TINY.changed(**change)).result is found, change
    for change in ({"seed": 14}, {"optimizer": "sgd"}, {"batch_size": 32}, {"filters_1": 5}, {"rotation_deg": 3.0}):
        assert tests.job(TINY.changed(**change)) is None, change
    assert tests.close(SOON_S)


def test_it_gives_way_to_a_run_says_to_which_and_goes_on_after_it(studio, trainer):
    tests = RangeTests(studio, falling)
    run = studio.submit(Recipe(epochs=1))
    told, waits, wait = [], threading.Event(), studio.wait

    def seen(since, timeout_s=None):
        if threading.current_thread().name == tests.jobs.name:
            told.append(tests.job(TINY).doing)
            waits.set()
        return wait(since, timeout_s)

    studio.wait = seen
    tests.start(TINY)
    assert waits.wait(SOON_S)
    trainer.step_allowed.release(10)
    assert not finished(tests, TINY).result.trouble
    assert set(told) == {f"waits while {run.name} trains"}


def test_a_cancelled_test_leaves_nothing(studio):
    begun, go_on = threading.Event(), threading.Event()

    def measure(recipe, split, rates, check):
        begun.set()
        assert go_on.wait(SOON_S)
        return falling(recipe, split, rates, check)

    tests = RangeTests(studio, measure)
    tests.start(TINY)
    assert begun.wait(SOON_S)
    tests.cancel(TINY)
    go_on.set()
    assert tests.close(SOON_S) and tests.job(TINY) is None


def test_what_stands_in_its_way_is_one_sentence(studio):
    tests = RangeTests(studio, falling)
    huge = TINY.changed(batch_size=1024, validation_share=0.5)
    tests.start(huge)
    assert "leaves 898 images for training, fewer than one batch of 1,024" in finished(tests, huge).error
    with pytest.raises(DatasetMissing):
        tests.start(TINY.changed(dataset="mnist"))


def test_confirmed_label_faults_are_left_out_where_the_recipe_asks_for_it(studio):
    seen = []

    def measure(recipe, split, rates, check):
        seen.append(len(split.y_train))
        return falling(recipe, split, rates, check)

    tests = RangeTests(studio, measure)
    training = np.setdiff1d(
        np.arange(1797), datasets.split(datasets.load("digits"), validation_share=0.2, seed=13).validation_rows
    )
    studio.store.verdicts.save("digits", int(training[0]), "fault")
    for recipe in (TINY, TINY.changed(leave_out_faults=True)):
        tests.start(recipe)
        assert finished(tests, recipe).result
    assert seen == [1437, 1436]


def test_a_slow_machine_takes_fewer_steps_the_same_number_each_time(store):
    def of(step_s):
        store.speeds.save(machine.name(), TINY.architecture, "float32", Speed(1e12, step_s, 1.0))
        return range_tests.num_steps(TINY, store)

    assert of(0.001) == 100 and 60 <= of(0.15) <= 67 and of(2.0) == 40
    assert range_tests.expected_s(TINY, store) == pytest.approx(81, abs=1)


@pytest.mark.slow
def test_a_real_network_learns_diverges_and_gives_the_same_curve_again(studio):
    wide = {"filters_1": 16, "filters_2": 16, "filters_3": 32, "filters_4": 32, "dropout_conv": 0.0, "dropout_dense": 0.0}
    recipe = TINY.changed(optimizer="rmsprop", batch_size=32, styles=0.1, **wide)
    found = []
    for _ in range(2):
        tests = RangeTests(studio)
        tests.start(recipe)
        found.append(finished(tests, recipe).result)
    first, again = found
    assert first.diverged_at and 0.01 < first.diverged_at <= 1
    assert 1e-4 < first.suggestion(recipe) < first.diverged_at / 2
    assert first.losses.min() < 0.9 * first.losses[0]
    np.testing.assert_array_equal(first.losses, again.losses)
    assert first.diverged_at == again.diverged_at
    assert rate_suggestion.LOWEST == first.rates[0]
