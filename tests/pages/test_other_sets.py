"""Evaluate's view of other data sets: a press scores the run on one, another fills the table of runs and sets."""

import re
import threading
from xml.etree import ElementTree

import pytest

from core import datasets
from core.datasets import mnist, uploads
from core.datasets.dataset import Dataset
from core.evaluation import mnist_test, set_scores
from tests.fakes import SOON_S
from tests.pages.reading import plots, text
from tests.pages.states import finished, running


@pytest.fixture
def mine(lab):
    """A set that somebody brought: 40 of the built-in digits, 20 of them turned."""
    digits = datasets.load("digits")
    images = digits.images[:40].copy()
    images[20:] = images[20:, ::-1]
    return uploads.keep(images, digits.labels[:40].copy(), filename="my class.csv")


@pytest.fixture
def view(open_page, lab, trainer, mine):
    finished(lab, trainer)
    return open_page("Evaluate", view="sets")


def scored(lab, page):
    """Waits until what was asked for is done."""
    for key in lab.sets.pending():
        lab.sets.wait(key, SOON_S)
    page.run()
    assert not page.exception
    return page


def table(page):
    """(names of the runs, titles of the sets, what the cells say, line by line)."""
    (written,) = [each.proto.body for each in page.get("html") if 'class="set-table"' in each.proto.body]
    head, *rows = [[" ".join(cell.itertext()).strip() for cell in row] for row in ElementTree.fromstring(written).iter("tr")]
    return [row[0] for row in rows], head[1:], [row[1:] for row in rows]


def test_one_press_scores_the_run_and_shows_its_matrix_and_images(view, lab, mine):
    assert view.selectbox(key="set").options == ["my class.csv", "Built-in digits"], "what was brought first, its own last"
    assert "Accuracy on it" not in {metric.label for metric in view.metric}
    view.button(key="score-set").click().run()
    scored(lab, view)
    (run,) = lab.store.runs.all()
    score = lab.store.set_scores.score(run.run_id, 3, mine.name)
    seen = score.num_trained
    assert 0 < seen < 40 and score.num_counted == 40 - seen
    own, on_it = [metric.value for metric in view.metric if metric.label == "Wrong"]
    assert own == "7 of 360" and on_it == f"{40 - seen - score.num_counted_right} of {40 - seen}"
    assert f"**{seen} of 40 of these images were in its training data.** They are left out of the figures" in text(view)
    assert f"{score.num_chosen} are its validation images, by which its best epoch was chosen" in text(view)
    assert "Confusion matrix: rows true digits, columns digits read" in plots(view)
    assert {"Errors", "Digit by digit"} <= {each.value for each in view.main.header}
    assert "score-set" not in {button.key for button in view.button}


def test_the_epoch_that_the_page_shows_is_the_one_that_is_scored(open_page, lab, trainer, mine):
    run = finished(lab, trainer)
    page = open_page("Evaluate", view="sets", epoch="2", set="digits")
    page.button(key="score-set").click().run()
    scored(lab, page)
    assert lab.store.set_scores.score(run.run_id, 2, "digits") and not lab.store.set_scores.score(run.run_id, 3, "digits")
    assert table(page)[2] == [["not scored yet", "not scored yet"]], "the table is of best epochs"


def test_a_second_press_fills_the_table_which_is_kept_and_taken_away(view, lab, mine):
    assert table(view) == (["mine-1, epoch 3"], ["my class.csv", "Built-in digits"], [["not scored yet"] * 2])
    view.button(key="score-sets").click().run()
    scored(lab, view)
    (cells,) = table(view)[2]
    assert all(re.fullmatch(r"[\d.]+% \([\d.]+–[\d.]+\) seen in part, own", cell) for cell in cells)
    assert "**seen in part**: some of the images were in its training data" in text(view)
    assert "score-sets" not in {button.key for button in view.button}
    assert [each.proto.label for each in view.get("download_button")] == ["Download as CSV"]


def test_a_set_or_a_run_that_was_deleted_is_not_in_the_table(view, lab, trainer, mine, open_page):
    view.button(key="score-sets").click().run()
    scored(lab, view)
    uploads.delete(mine.name)
    assert table(open_page("Evaluate", view="sets"))[1] == ["Built-in digits"]
    second = finished(lab, trainer)
    assert len(table(open_page("Evaluate", view="sets"))[0]) == 2
    lab.store.bin.put([second.run_id])
    assert table(open_page("Evaluate", view="sets"))[0] == ["mine-1, epoch 3"]


def test_while_it_is_scored_the_page_says_how_far_and_can_cancel(view, lab, monkeypatch):
    begun, go = threading.Event(), threading.Event()

    def slow(store, cells, report):
        report(0.25, "mine-1 reads my class.csv", 90.0)
        begun.set()
        assert go.wait(SOON_S)
        report(0.5, "mine-1 reads my class.csv", 60.0)
        return []

    monkeypatch.setattr(set_scores, "score", slow)
    view.button(key="score-sets").click().run()
    assert begun.wait(SOON_S)
    view.run()
    assert "Scoring, 25%, 1 min 30 s left: mine-1 reads my class.csv" in text(view)
    assert "It is being scored with the table below." in text(view)
    view.button(key="cancel-digitlab-sets").click().run()
    go.set()
    assert not lab.sets.pending()
    assert {"score-set", "score-sets"} <= {button.key for button in view.run().button}


def test_what_cannot_be_scored_is_one_sentence_and_can_be_tried_again(view, lab, mine):
    (run,) = lab.store.runs.all()
    weights = lab.store.runs.folder(run.run_id) / "epoch-003.npz"
    kept = weights.read_bytes()
    weights.unlink()
    view.button(key="score-set").click().run()
    scored(lab, view)
    assert [each.value.partition(" of this")[0] for each in view.error] == ["mine-1: The weights epoch-003.npz"]
    weights.write_bytes(kept)
    view.button(key="score-set").click().run()
    scored(lab, view)
    assert not view.error and lab.store.set_scores.score(run.run_id, 3, mine.name)


def test_copies_of_mnists_test_images_are_said(view, lab, mine, monkeypatch):
    test = Dataset("mnist-test", "MNIST", "", mine.images[5:12].copy(), mine.labels[5:12].copy())
    mnist_test._digests.cache_clear()
    monkeypatch.setattr(mnist, "load_test", lambda: test)
    monkeypatch.setattr(mnist, "available", lambda: True)
    view.button(key="score-set").click().run()
    scored(lab, view)
    mnist_test._digests.cache_clear()
    assert [each.value for each in view.warning] == [
        "7 of these 40 images are copies of MNIST's test images. Whoever goes by this score chooses on the test set, and its log "
        "does not know of it."
    ]
    assert not lab.store.test_openings.all()


def test_a_run_that_trains_can_be_scored_and_is_not_in_the_table(open_page, lab, trainer, mine):
    run = running(lab, trainer)
    page = open_page("Evaluate", view="sets")
    assert "Choose a run that has ended, or the starter network." in text(page)
    page.button(key="score-set").click().run()
    scored(lab, page)
    assert lab.store.set_scores.score(run.run_id, 1, mine.name)


def test_the_starter_network_has_a_line_of_its_own(open_page, lab, trainer, mine, there):
    finished(lab, trainer)
    page = open_page("Evaluate", view="sets")
    assert table(page)[0] == ["mine-1, epoch 3", "Starter, epoch 7"]
    page.button(key="score-sets").click().run()
    scored(lab, page)
    assert "not scored yet" not in sum(table(page)[2], [])


def test_what_people_call_their_runs_and_sets_is_text(open_page, lab, trainer, mine):
    run = finished(lab, trainer)
    lab.store.annotations.change(run.run_id, name="b & c")
    assert table(open_page("Evaluate", view="sets"))[0] == ["b & c, epoch 3"]


def test_the_page_says_where_other_sets_are_to_be_had_and_under_which_licence(view):
    assert "BSD-style licence" in text(view) and "names no licence" in text(view)
