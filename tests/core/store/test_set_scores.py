import numpy as np
import pytest

from core.errors import StoreError
from core.store import CHOSEN, NEW, TRAINED, SetAnswers, starter
from tests.runs import trained

LABELS = np.array([0, 1, 2, 3, 4], np.uint8)
ANSWERS = SetAnswers(
    predicted=np.array([0, 1, 2, 9, 9], np.uint8),
    certainties=np.array([1, 0.5, 0.25, 0.75, 0.5], np.float16),
    marks=np.array([TRAINED, NEW, CHOSEN, TRAINED, NEW], np.uint8),
    told=True,
)
KEY = ("0123456789ab", 3, "csv-0123456789ab")


def test_what_was_scored_is_found_again(store):
    assert store.set_scores.score(*KEY) is None and store.set_scores.answers(*KEY) is None
    store.set_scores.save(*KEY, ANSWERS, LABELS)
    score, answers = store.set_scores.score(*KEY), store.set_scores.answers(*KEY)
    assert score == ANSWERS.score(LABELS)
    assert (score.num_images, score.num_right, score.num_trained, score.num_trained_right, score.num_chosen) == (5, 3, 2, 1, 1)
    for name in ("predicted", "certainties", "marks"):
        np.testing.assert_array_equal(getattr(answers, name), getattr(ANSWERS, name))
    assert answers.counted().tolist() == [1, 2, 4]
    assert store.set_scores.score(KEY[0], 2, KEY[2]) is None, "another epoch"


def test_a_damaged_file_counts_as_none(store):
    store.set_scores.save(*KEY, ANSWERS, LABELS)
    (path,) = store.folder.rglob("on-*.npz")
    path.write_bytes(path.read_bytes()[:-200])
    assert store.set_scores.score(*KEY) is None and store.set_scores.answers(*KEY) is None


def test_scores_go_with_their_run(store):
    run = trained(store)
    store.set_scores.save(run.run_id, 2, "digits", ANSWERS, LABELS)
    store.processes.mark_interrupted([run.run_id])
    store.bin.put([run.run_id])
    assert store.set_scores.score(run.run_id, 2, "digits"), "a run in the bin can come back with its scores"
    store.bin.empty()
    assert not list(store.folder.rglob("on-*.npz"))


def test_the_starter_networks_lie_in_the_data_folder_and_another_one_has_none(store, tmp_path, monkeypatch):
    monkeypatch.setattr(starter, "FOLDER", tmp_path / "starter")
    starter.FOLDER.mkdir()
    (starter.FOLDER / starter.FIGURES).write_text("one")
    store.set_scores.save(starter.RUN_ID, 18, "digits", ANSWERS, LABELS)
    assert [path.name for path in starter.FOLDER.iterdir()] == [starter.FIGURES]
    assert store.set_scores.score(starter.RUN_ID, 18, "digits")
    (starter.FOLDER / starter.FIGURES).write_text("another")
    assert store.set_scores.score(starter.RUN_ID, 18, "digits") is None


def test_a_score_that_cannot_be_written_is_a_sentence(store):
    (store.folder / "runs" / KEY[0]).parent.mkdir(exist_ok=True)
    (store.folder / "runs" / KEY[0]).write_text("a file in the way")
    with pytest.raises(StoreError, match="could not be written"):
        store.set_scores.save(*KEY, ANSWERS, LABELS)
    assert store.set_scores.score(*KEY) is None
