"""Data: sets are merged by a press, in use at once, and trained on like any other."""

import numpy as np
import pytest

from core import datasets
from core.datasets import merged, uploads
from tests.fakes import SOON_S
from tests.pages.reading import text
from tests.pages.states import SMALL, finished


@pytest.fixture
def mine(lab):
    digits = datasets.load("digits")
    return uploads.keep(digits.images[:40, ::-1].copy(), digits.labels[:40].copy(), filename="my class.csv")


@pytest.fixture
def data(open_page, mine):
    return open_page("Data")


def press(lab, page):
    page.button(key="merge-press").click().run()
    for key in lab.files.pending():
        lab.files.wait(key, SOON_S)
    page.run()
    assert not page.exception
    return page


def test_two_sets_are_merged_with_weights_and_in_use_at_once(lab, data, mine):
    assert data.button(key="merge-press").disabled
    data.multiselect(key="merge-sets").set_value(["digits", mine.name]).run()
    data.number_input(key=f"merge-weight-{mine.name}").set_value(5).run()
    preview = next(frame.value for frame in data.dataframe if "weight" in frame.value)
    assert preview["weight"].tolist() == ["1 x", "5 x", ""]
    assert preview["used in an epoch, about"].tolist() == [1438, 160, 1598]
    press(lab, data)
    name = data.session_state.dataset
    assert name.startswith("mix-") and datasets.load(name).weights.max() == 5
    assert "**Built-in digits + 5 x my class.csv** – 1,837 images" in text(data) and data.query_params["dataset"] == name
    assert not data.error


def test_what_cannot_be_merged_leaves_no_trace(lab, data, mine, monkeypatch):
    monkeypatch.setattr(merged, "_MOST_USED", 1000)
    data.multiselect(key="merge-sets").set_value(["digits", mine.name]).run()
    data.number_input(key="merge-weight-digits").set_value(2).run()
    press(lab, data)
    assert ["Lower a weight" in error.value for error in data.error] == [True] and not merged.all_kept()


def test_a_run_trains_on_a_merged_set_and_a_deleted_part_is_said(lab, trainer, open_page, mine):
    name = merged.keep([merged.Part("digits", 1), merged.Part(mine.name, 5)], "both")
    trainer.probabilities = np.tile(np.eye(10, dtype=np.float32), (37, 1))[:368]
    finished(lab, trainer, SMALL.changed(dataset=name))
    page = open_page("Evaluate")
    assert [metric.value for metric in page.metric if metric.label == "Wrong"][0].endswith("of 368")
    page = open_page("Data", dataset=mine.name)
    assert "Merged sets that are made of it, and cannot be used without it: 1." in text(page)
    page.button(key="delete-upload").click().run()
    assert name not in dict(datasets.available())
    (error,) = open_page("Data", dataset=name).error
    assert "was merged from others, and" in error.value


def test_a_merged_set_is_deleted_without_its_parts(lab, open_page, mine):
    name = merged.keep([merged.Part("digits", 1), merged.Part(mine.name, 5)], "both")
    page = open_page("Data", dataset=name)
    assert "Its parts stay." in text(page)
    page.button(key="delete-upload").click().run()
    assert not merged.all_kept() and datasets.is_at_hand(mine.name)
