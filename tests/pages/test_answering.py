"""Which run answers on the pages where none was chosen."""

import pytest

from core.store import starter
from tests.fakes import ended, until
from tests.pages.reading import text
from tests.pages.states import SMALL, finished, running


@pytest.fixture
def worse(lab, trainer):
    """mine-1 is better than mine-2, which is newer."""
    trainer.scores = {"val_accuracy": 0.98}
    finished(lab, trainer)
    trainer.scores = {"val_accuracy": 0.5}
    return finished(lab, trainer, SMALL.changed(seed=2))


def choice(page):
    return page.selectbox(key="run")


@pytest.mark.parametrize("title", ["Draw", "Evaluate", "Kaggle"])
def test_the_best_answers_and_the_newest_is_a_choice(open_page, worse, title):
    page = open_page(title)
    assert choice(page).value == "" and choice(page).options[:2] == ["The best, mine-1", "The newest, mine-2"]
    choice(page).select("newest").run()
    assert page.query_params["run"] == "newest" and not page.warning
    assert choice(open_page(title, run="newest")).value == "newest"


def test_the_sidebar_names_the_best(open_page, worse):
    assert "Network: mine-1, 98.1%" in text(open_page("Data"))


def test_the_best_is_the_one_on_the_data_that_are_chosen(open_page, lab, trainer, mnist):
    trainer.scores = {"val_accuracy": 0.99}
    finished(lab, trainer, SMALL.changed(dataset="mnist"))
    trainer.scores = {"val_accuracy": 0.5}
    finished(lab, trainer)
    page = open_page("Data", dataset="digits")
    assert choice(open_page("Kaggle", visit=page)).options[0] == "The best, mine-2"
    page.session_state["dataset"] = "mnist"
    assert choice(page.run()).options[0] == "The best, mine-1"


def test_what_this_person_trains_is_followed_and_what_another_does_is_not(open_page, lab, trainer, worse):
    run = running(lab, trainer, person="Ana")
    page = open_page("Evaluate")
    assert choice(page).options[0] == "The best, mine-1"
    page.session_state["person"] = "Ana"
    assert choice(page.run()).options[:2] == ["Training now, mine-3", "The newest, mine-3"]
    trainer.step_allowed.release(17)
    until(lab.studio, lab.studio.snapshot(run.run_id), ended)
    assert choice(page.run()).options[0] == "The best, mine-1"


def test_among_several_browsers_a_run_without_a_name_is_not_everybody_s(open_page, lab, trainer, worse, monkeypatch):
    running(lab, trainer)
    assert choice(open_page("Evaluate")).options[0] == "Training now, mine-3"
    monkeypatch.setattr("ui.run_control.answering.num_browsers", lambda: 2)
    assert choice(open_page("Evaluate")).options[0] == "The best, mine-1"


def test_train_shows_the_run_that_was_trained_last(open_page, worse):
    assert "**mine-2** has finished" in text(open_page("Train"))


def test_the_starter_is_a_choice_beside_the_best(there, open_page, worse):
    page = open_page("Draw")
    choice(page).select(starter.RUN_ID).run()
    assert page.query_params["run"] == "starter" and choice(page).options[-1] == "Starter network"


def test_the_best_is_warmed_up_at_the_server_s_start(lab, trainer, worse):
    assert lab.studio.best("digits").name == "mine-1"
    assert lab.studio.best("mnist").name == "mine-1", "nothing was trained on them"
