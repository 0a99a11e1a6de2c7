import pytest

from tests.pages.reading import text
from tests.pages.states import SMALL, failed, finished, running


@pytest.fixture
def runs(open_page, lab, trainer):
    """The page with two finished runs."""
    finished(lab, trainer, SMALL.changed(epochs=2))
    finished(lab, trainer, SMALL.changed(optimizer="nadam"))
    return open_page("Runs")


def table(page):
    return page.dataframe(key="runs-frame").value


def choose(page, *rows):
    page.session_state["runs-frame"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    page.run()
    assert not page.exception


def test_before_the_first_run_the_page_says_what_will_be_here(open_page):
    (info,) = open_page("Runs").info
    assert info.value == "Nothing has been trained yet. Every run will be listed here, and stays after a restart."


def test_the_table_has_every_run_newest_first(runs):
    assert table(runs)["run"].tolist() == ["mine-2", "mine-1"]
    assert table(runs)["epochs"].tolist() == ["3/3", "2/2"]
    assert table(runs)["accuracy, best epoch"].tolist() == ["53.1% (47.9–58.2)", "51.9% (46.8–57.1)"]
    assert table(runs)["data"].tolist() == ["Built-in digits"] * 2


def test_a_run_without_an_epoch_has_no_score(open_page, lab, trainer):
    failed(lab, trainer)
    line = table(open_page("Runs")).iloc[0]
    assert (line["state"], line["accuracy, best epoch"], line["epochs"]) == ("failed", "", "0/3")


def test_a_chosen_run_tells_what_was_different(runs):
    choose(runs, 0)
    assert "**mine-2** – Differs from the 2018 recipe in:" in text(runs) and "optimiser Nadam (RMSprop)" in text(runs)
    assert [link.proto.query_string for link in runs.main.page_link] == ["run=mine-2"]


def test_its_recipe_can_be_taken_up_again(runs, lab):
    choose(runs, 0)
    next(button for button in runs.button if button.label == "Start from this recipe").click().run()
    assert not runs.exception
    assert runs.title[0].value == "Train"
    assert {name: runs.session_state[name] for name in ("optimizer", "epochs")} == {"optimizer": "nadam", "epochs": 3}
    header = runs.button(key="group-Learning").label
    assert "Nadam" in header and "3 epochs" in header


def test_deleted_runs_are_gone_with_their_files(runs, lab):
    folders = list((lab.store.folder / "runs").iterdir())
    choose(runs, 0, 1)
    runs.button(key="delete-runs").click().run()
    assert not runs.exception
    assert len(folders) == 2 and not any(folder.exists() for folder in folders)
    assert "Nothing has been trained yet." in text(runs)


def test_one_of_two_can_be_deleted(runs, lab):
    choose(runs, 1)
    runs.button(key="delete-runs").click().run()
    assert [row.name for row in lab.store.runs()] == ["mine-2"]


def test_a_run_in_training_is_not_deleted_and_the_page_says_why(open_page, lab, trainer):
    running(lab, trainer)
    page = open_page("Runs")
    choose(page, 0)
    page.button(key="delete-runs").click().run()
    assert [error.value for error in page.error] == ["This run is still training. Stop it first, then delete it."]
    assert lab.store.runs()
