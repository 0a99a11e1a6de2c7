import threading

import numpy as np
import pytest

from core.errors import DataError, DatasetMissing
from core.recipe import Recipe
from core.training.label_search import CrossCheck, expected_s
from tests.fakes import SOON_S, ScriptedTrainer, until

FOUND = np.full((1797, 10), 0.1, np.float32)


class Worker:
    """Searches nothing: four steps, each let through by `allowed`, and tells when it waits for one."""

    def __init__(self, fail=None):
        self.allowed, self.reached, self.fail = threading.Semaphore(0), threading.Semaphore(0), fail

    def __call__(self, dataset, recipe, check):
        for step in range(4):
            self.reached.release()
            assert self.allowed.acquire(timeout=SOON_S)
            if self.fail:
                raise self.fail
            if not check(step / 4):
                return None
        return FOUND


@pytest.fixture
def trainer():
    return ScriptedTrainer()


@pytest.fixture
def studio(make_studio, data_dir, trainer):
    return make_studio(trainer, data_dir)


def finish(check):
    check._thread.join(SOON_S)
    assert check.progress() is None


def test_what_was_found_is_kept_for_the_next_process(studio):
    worker = Worker()
    worker.allowed.release(4)
    check = CrossCheck(studio, worker)
    assert check.probabilities("digits") is None
    check.start("digits")
    finish(check)
    np.testing.assert_array_equal(check.probabilities("digits"), FOUND)
    np.testing.assert_array_equal(CrossCheck(studio, worker).probabilities("digits"), FOUND)


def test_a_cancelled_search_leaves_nothing_and_another_can_begin(studio):
    worker = Worker()
    check = CrossCheck(studio, worker)
    check.start("digits")
    assert worker.reached.acquire(timeout=SOON_S)
    check.cancel()
    worker.allowed.release(8)
    finish(check)
    assert check.probabilities("digits") is None and not check.failure("digits")
    check.start("digits")
    finish(check)
    assert check.probabilities("digits") is not None


def test_it_gives_way_to_a_run_and_goes_on_after_it(studio, trainer):
    worker, waits = Worker(), threading.Event()
    check = CrossCheck(studio, worker)
    check.start("digits")
    assert worker.reached.acquire(timeout=SOON_S)
    run = studio.submit(Recipe(epochs=1))
    told, wait = [], studio.wait

    def seen(since, timeout_s=None):
        if threading.current_thread() is check._thread:
            told.append(check.progress().waits_for)
            waits.set()
        return wait(since, timeout_s)

    studio.wait = seen
    worker.allowed.release(4)
    assert waits.wait(SOON_S)
    assert check.progress().share == 0
    trainer.step_allowed.release(10)
    until(studio, run, lambda now: not now.active)
    finish(check)
    assert set(told) == {run.name} and check.probabilities("digits") is not None


@pytest.mark.parametrize(
    ("error", "words"), [(DataError("It is gone."), "It is gone."), (ValueError("x"), "details are in the server's log")]
)
def test_a_search_that_breaks_off_says_why(studio, error, words):
    worker = Worker(fail=error)
    worker.allowed.release()
    check = CrossCheck(studio, worker)
    check.start("digits")
    finish(check)
    assert words in check.failure("digits")


def test_data_that_are_not_at_hand_are_told_at_once(studio):
    with pytest.raises(DatasetMissing):
        CrossCheck(studio, Worker()).start("mnist")


def test_a_search_of_the_built_in_digits_is_expected_well_under_two_minutes_and_of_more_images_longer():
    assert expected_s(1797) < 60 < expected_s(60_000)
