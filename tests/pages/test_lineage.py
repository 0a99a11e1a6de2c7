"""Runs that go on and branches, as a person presses for them on Runs and Train."""

import pytest

from core.recipe import Recipe
from tests.fakes import ended, until
from tests.pages.reading import choose, text, turn
from tests.pages.states import SMALL, failed, finished, interrupted, running, stopped


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception
    return page


def newest_on_runs(open_page):
    page = open_page("Runs")
    choose(page, page.dataframe[0].value["name"][0])
    return page


@pytest.mark.parametrize("title", ["Train", "Runs"])
def test_an_interrupted_run_is_resumed_with_one_press(open_page, lab, trainer, title):
    run = interrupted(lab, trainer)
    page = newest_on_runs(open_page) if title == "Runs" else open_page(title)
    press(page, "go-on-train" if title == "Train" else f"go-on-{run.run_id}")
    trainer.step_allowed.release(20)
    run = until(lab.studio, lab.studio.snapshot(run.run_id), ended)
    assert (run.state, [epoch.epoch for epoch in run.epochs]) == ("finished", [1, 2, 3])


def test_a_run_that_diverged_offers_a_third_of_the_rate(open_page, lab, trainer):
    run = failed(lab, trainer)
    trainer.before_step = lambda step: None
    page = open_page("Train")
    assert page.button(key="back-train").label == "Go back to the start, rate 0.00033"
    press(page, "back-train")
    assert lab.studio.current().recipe == run.recipe.changed(learning_rate=0.00033)


@pytest.mark.parametrize("state", [finished, stopped, running])
def test_a_run_that_needs_none_has_no_such_button(open_page, lab, trainer, state):
    state(lab, trainer)
    assert not {button.key for button in open_page("Train").main.button} & {"go-on-train", "back-train"}


def test_a_finished_run_learns_on(open_page, lab, trainer):
    run = finished(lab, trainer, SMALL.changed(schedule="one-cycle"))
    page = newest_on_runs(open_page)
    assert "One cycle is stretched over the new length" in text(page)
    page.number_input(key=f"more-{run.run_id}").set_value(2)
    press(page, f"longer-{run.run_id}")
    assert page.title[0].value == "Train"
    trainer.step_allowed.release(20)
    assert len(until(lab.studio, lab.studio.snapshot(run.run_id), ended).epochs) == 5
    page = newest_on_runs(open_page)
    assert "2 of its 5 epochs were added after it had finished." in text(page)


def test_a_branch_is_chosen_on_runs_changed_on_train_and_told_on_runs(open_page, lab, trainer):
    parent = finished(lab, trainer)
    page = newest_on_runs(open_page)
    page.selectbox(key=f"fork-{parent.run_id}").set_value(2)
    press(page, f"branch-{parent.run_id}")
    assert page.title[0].value == "Train" and "Start branches off **mine-1** after epoch 2" in text(page)
    open_page("Train", visit=page)
    page.selectbox(key="optimizer").set_value("sgd")
    press(page, "start-train")
    branch = lab.studio.newest()
    assert (branch.parent_id, branch.parent_epoch, branch.recipe) == (parent.run_id, 2, SMALL.changed(optimizer="sgd"))
    assert "Start branches off" not in text(page)
    trainer.step_allowed.release(30)
    until(lab.studio, branch, ended)
    page = newest_on_runs(open_page)
    assert "Branched off mine-1 after epoch 2." in text(page)


def test_a_branch_with_other_layers_is_refused_in_a_sentence_and_can_be_given_up(open_page, lab, trainer):
    parent = finished(lab, trainer)
    page = newest_on_runs(open_page)
    press(page, f"branch-{parent.run_id}")
    open_page("Train", visit=page)
    press(page, "group-Network")
    turn(page, filters_1=3)
    press(page, "start-train")
    assert [error.value for error in page.error] == [
        "The weights of mine-1 do not fit this recipe's layers. Keep its network, or start a new run."
    ]
    press(page, "no-branch")
    press(page, "start-train")
    assert lab.studio.newest().parent_id is None and lab.studio.newest().recipe != Recipe()
