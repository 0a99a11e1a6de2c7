"""A run's epoch read whole data sets, in order, with progress; what hinders one does not hinder the others."""

import numpy as np
import pytest

from core import datasets
from core.datasets import uploads
from core.datasets.validation import validation_part
from core.evaluation import set_scores
from core.evaluation.set_scores import Cell
from core.network.predictor import Predictor
from core.store import CHOSEN, TRAINED, Store, starter
from core.training.job import TrainingJob
from tests.pages.states import SMALL, keep_weights
from tests.runs import trained


class Ended(Exception):
    pass


@pytest.fixture
def store(data_dir, monkeypatch):
    monkeypatch.setattr(starter, "FOLDER", data_dir / "starter")
    store = Store(data_dir)
    yield store
    store.close()


@pytest.fixture
def run(store):
    """With random weights after its second epoch."""
    run = trained(store, recipe=SMALL)
    keep_weights(TrainingJob(run.run_id, run.name, run.recipe, store.runs.folder(run.run_id)), epoch=2)
    return run


@pytest.fixture
def few(store):
    digits = datasets.load("digits")
    return uploads.keep(digits.images[:30].copy(), digits.labels[:30].copy(), filename="few.csv")


def quiet(share, doing, remaining_s=None):
    pass


def test_on_its_own_set_the_figure_is_that_of_its_validation_part(store, run):
    cell = Cell(run.run_id, 2, "digits")
    assert set_scores.score(store, [cell], quiet) == []
    score, part = store.set_scores.score(*cell), validation_part(run.recipe)
    expected = Predictor(store).probabilities(run, part.images / np.float32(255), epoch=2).argmax(axis=1)
    assert (score.num_counted, score.num_counted_right) == (360, int(np.sum(expected == part.labels)))
    assert (score.num_images, score.num_trained, score.num_chosen, score.told) == (1797, 1437, 360, True)
    answers = store.set_scores.answers(*cell)
    np.testing.assert_array_equal(answers.predicted[part.rows], expected)
    assert set(answers.marks[part.rows]) == {CHOSEN} and (answers.marks == TRAINED).sum() == 1437


def test_progress_says_who_reads_what_and_how_long_it_will_take(store, run, few):
    reports = []
    cells = [Cell(run.run_id, 2, name) for name in ("digits", few.name)]
    set_scores.score(store, cells, lambda share, doing, remaining_s=None: reports.append((share, doing, remaining_s)))
    shares = [share for share, _, _ in reports]
    assert shares == sorted(shares) and 0 == shares[0] and shares[-1] < 1
    assert {doing for _, doing, _ in reports} == {"mine-1 reads few.csv", "mine-1 reads Built-in digits"}
    assert reports[0][2] is None and reports[-1][2] > 0


def test_one_that_cannot_be_scored_leaves_the_others(store, run, few):
    uploads.delete(few.name)
    gone, no_weights, fine = Cell(run.run_id, 2, few.name), Cell(run.run_id, 1, "digits"), Cell(run.run_id, 2, "digits")
    hindrances = set_scores.score(store, [gone, no_weights, fine], quiet)
    assert sorted(each.partition(" of this run")[0].partition(" csv-")[0] for each in hindrances) == [
        "The uploaded data set",
        "mine-1: The weights epoch-001.npz",
    ]
    assert [store.set_scores.score(*cell) is None for cell in (gone, no_weights, fine)] == [True, True, False]


def test_what_was_scored_before_the_end_stays(store, run, few):
    cells = [Cell(run.run_id, 2, name) for name in (few.name, "digits")]

    def end(share, doing, remaining_s=None):
        if share > 0.5:
            raise Ended

    with pytest.raises(Ended):
        set_scores.score(store, cells, end)
    assert store.set_scores.score(*cells[0]) and store.set_scores.score(*cells[1]) is None


def test_a_run_whose_data_are_gone_is_scored_and_nobody_can_tell(store, few):
    run = trained(store, recipe=SMALL.changed(dataset=few.name, validation_share=0.5))
    keep_weights(TrainingJob(run.run_id, run.name, SMALL, store.runs.folder(run.run_id)), epoch=2)
    uploads.delete(few.name)
    set_scores.score(store, [Cell(run.run_id, 2, "digits")], quiet)
    score = store.set_scores.score(run.run_id, 2, "digits")
    assert not score.told and score.num_trained == score.num_chosen == 0 and score.num_counted == 1797
