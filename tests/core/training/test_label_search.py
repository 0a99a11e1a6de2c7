import threading
from types import SimpleNamespace

import numpy as np
import pytest

from core.errors import DataError, DatasetMissing
from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot
from core.training.label_search import LabelSearch, expected_s
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
            check(step / 4)
        return FOUND


@pytest.fixture
def trainer():
    return ScriptedTrainer()


@pytest.fixture
def studio(make_studio, data_dir, trainer):
    return make_studio(trainer, data_dir)


def finish(search):
    search.jobs.wait("digits", SOON_S)
    assert search.current() is None


def test_what_was_found_is_kept_for_the_next_process(studio):
    worker = Worker()
    worker.allowed.release(4)
    search = LabelSearch(studio, worker)
    assert search.probabilities("digits") is None
    search.start("digits")
    finish(search)
    np.testing.assert_array_equal(search.probabilities("digits"), FOUND)
    np.testing.assert_array_equal(LabelSearch(studio, worker).probabilities("digits"), FOUND)


def test_a_cancelled_search_leaves_nothing_and_another_can_begin(studio):
    worker = Worker()
    search = LabelSearch(studio, worker)
    search.start("digits")
    assert worker.reached.acquire(timeout=SOON_S)
    search.cancel()
    assert search.current() is None
    worker.allowed.release(8)
    assert search.close(SOON_S)
    assert search.probabilities("digits") is None and not search.failure("digits")
    search.start("digits")
    finish(search)
    assert search.probabilities("digits") is not None


def test_one_search_at_a_time_and_its_data_set_is_named(studio, monkeypatch):
    worker = Worker()
    search = LabelSearch(studio, worker)
    search.start("digits")
    assert worker.reached.acquire(timeout=SOON_S)
    monkeypatch.setattr("core.training.label_search.datasets.load", lambda name: None)
    search.start("another")
    assert search.jobs.pending() == ["digits"] and search.current()[0] == "digits"
    worker.allowed.release(4)
    finish(search)


def test_the_time_left_goes_by_the_pace_so_far_and_leaves_waiting_out(studio, monkeypatch):
    now, told, busy = [100.0], [], [None, None, RunSnapshot("r", "quick-1", Recipe()), None, None]
    monkeypatch.setattr("core.training.pace.time", SimpleNamespace(perf_counter=lambda: now[0]))
    monkeypatch.setattr(studio, "current", lambda: busy.pop(0))
    monkeypatch.setattr(studio, "wait", lambda run, timeout_s: now.__setitem__(0, now[0] + 1000))

    def work(dataset, recipe, check):
        for share in (0.25, 0.5):
            now[0] += 2.0
            check(share)
            told.append(search.current()[1].remaining_s)
        return FOUND

    search = LabelSearch(studio, work)
    search.start("digits")
    finish(search)
    assert told == [pytest.approx(6.0), pytest.approx(4.0)]


def test_it_gives_way_to_a_run_says_to_which_and_goes_on_after_it(studio, trainer):
    worker, waits = Worker(), threading.Event()
    search = LabelSearch(studio, worker)
    search.start("digits")
    assert worker.reached.acquire(timeout=SOON_S)
    run = studio.submit(Recipe(epochs=1))
    told, wait = [], studio.wait

    def seen(since, timeout_s=None):
        if threading.current_thread().name == search.jobs.name:
            told.append(search.current()[1].doing)
            waits.set()
        return wait(since, timeout_s)

    studio.wait = seen
    worker.allowed.release(4)
    assert waits.wait(SOON_S)
    assert search.current()[1].share == 0
    trainer.step_allowed.release(10)
    until(studio, run, lambda now: not now.active)
    finish(search)
    assert set(told) == {f"waits while {run.name} trains"} and search.probabilities("digits") is not None


def test_a_search_that_waits_for_a_run_can_be_cancelled(studio):
    worker = Worker()
    search = LabelSearch(studio, worker)
    studio.submit(Recipe(epochs=1))
    search.start("digits")
    search.cancel()
    assert search.close(SOON_S)
    assert not worker.reached.acquire(blocking=False), "the work has not begun"


@pytest.mark.parametrize(
    ("error", "words"), [(DataError("It is gone."), "It is gone."), (ValueError("x"), "details are in the server's log")]
)
def test_a_search_that_breaks_off_says_why(studio, error, words):
    worker = Worker(fail=error)
    worker.allowed.release()
    search = LabelSearch(studio, worker)
    search.start("digits")
    finish(search)
    assert words in search.failure("digits")
    worker.fail = None
    worker.allowed.release(4)
    search.start("digits")
    finish(search)
    assert not search.failure("digits") and search.probabilities("digits") is not None


def test_data_that_are_not_at_hand_are_told_at_once(studio):
    with pytest.raises(DatasetMissing):
        LabelSearch(studio, Worker()).start("mnist")


def test_a_search_of_the_built_in_digits_is_expected_well_under_two_minutes_and_of_more_images_longer():
    assert expected_s(1797) < 60 < expected_s(60_000)
