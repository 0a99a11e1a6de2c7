import threading
from dataclasses import replace

import numpy as np
import pytest

from core.datasets import mnist
from core.errors import RunMissing
from core.evaluation import closer_look
from core.network.predictor import Predictor
from core.recipe import Recipe
from core.system import files
from core.training.closer_looks import CloserLooks, begins_by_itself
from tests.core.evaluation.test_data_report import NOTHING
from tests.fakes import SOON_S, ScriptedTrainer

FOUND = replace(NOTHING, near=np.array([[4, 2]]), suspects=np.array([[7, 1]]), num_learned=-1)


@pytest.fixture
def trainer():
    return ScriptedTrainer()


@pytest.fixture
def studio(make_studio, data_dir, trainer):
    return make_studio(trainer, data_dir)


def looks(studio, work):
    return CloserLooks(studio, Predictor(studio.store), work)


def test_what_was_found_is_kept_for_the_next_process(studio):
    def work(dataset, check):
        check(0.5, "looking")
        return FOUND

    first = looks(studio, work)
    assert first.found("digits") is None and first.job("digits") is None
    first.start("digits")
    assert first.jobs.wait("digits", SOON_S).result is FOUND
    kept = looks(studio, work).found("digits")
    assert kept.near.tolist() == [[4, 2]] and kept.suspects.tolist() == [[7, 1]]
    assert (kept.knows_test, kept.agreement, kept.num_learned) == (True, 0.97, -1)
    assert first.close(SOON_S)


def test_a_kept_file_that_cannot_be_read_counts_as_none(studio):
    found = looks(studio, lambda dataset, check: FOUND)
    found.start("digits")
    found.jobs.wait("digits", SOON_S)
    (path,) = (studio.store.folder / "closer-looks").iterdir()
    files.save_arrays(path, near=FOUND.near)
    assert looks(studio, None).found("digits") is None
    path.write_bytes(b"nothing")
    assert looks(studio, None).found("digits") is None


def test_once_mnist_is_at_hand_a_look_without_its_test_images_counts_no_more(studio, monkeypatch):
    found = looks(studio, lambda dataset, check: replace(FOUND, knows_test=False))
    found.start("digits")
    found.jobs.wait("digits", SOON_S)
    assert found.found("digits") is not None
    monkeypatch.setattr(mnist, "available", lambda: True)
    assert found.found("digits") is None


def test_it_gives_way_to_a_run_says_to_which_and_goes_on_after_it(studio, trainer):
    waiting = looks(studio, lambda dataset, check: FOUND)
    run = studio.submit(Recipe(epochs=1))
    told, waits, wait = [], threading.Event(), studio.wait

    def seen(since, timeout_s=None):
        if threading.current_thread().name == waiting.jobs.name:
            told.append(waiting.job("digits").doing)
            waits.set()
        return wait(since, timeout_s)

    studio.wait = seen
    waiting.start("digits")
    assert waits.wait(SOON_S)
    trainer.step_allowed.release(10)
    assert waiting.jobs.wait("digits", SOON_S).result is FOUND
    assert set(told) == {f"waits while {run.name} trains"}


def test_a_cancelled_look_leaves_nothing(studio):
    begun, go_on = threading.Event(), threading.Event()

    def work(dataset, check):
        begun.set()
        assert go_on.wait(SOON_S)
        check(0.5, "looking")
        return FOUND

    cancelled = looks(studio, work)
    cancelled.start("digits")
    assert begun.wait(SOON_S)
    cancelled.cancel("digits")
    go_on.set()
    assert cancelled.close(SOON_S) and cancelled.found("digits") is None and cancelled.job("digits") is None


def test_a_failure_is_one_sentence(studio):
    def work(dataset, check):
        raise RunMissing("The weights are missing.")

    failed = looks(studio, work)
    failed.start("digits")
    assert failed.jobs.wait("digits", SOON_S).error == "The weights are missing." and failed.found("digits") is None


def test_only_a_small_set_is_looked_at_unasked():
    assert begins_by_itself(1797) and not begins_by_itself(42_000)
    assert closer_look.expected_s(70_000) > closer_look.expected_s(10_000) > 0
