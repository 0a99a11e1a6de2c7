"""The starter network on the pages: Draw answers with it before any run, and no list of runs has it."""

import pytest

from core.store import starter
from tests.pages.reading import has_canvas, texts
from tests.pages.states import finished, first_epoch

NAME = "Starter network"
ABOUT = "It was trained on MNIST and on synthetic digits in many styles of handwriting. Your own runs take its place."


def chosen(page):
    """The words of the network that is chosen, and of all that are offered."""
    choice = page.selectbox(key="run")
    return choice.format_func(choice.value), choice.options


def test_it_answers_before_any_run_and_one_press_trains_one_of_ones_own(there, open_page, lab):
    page = open_page("Draw")
    assert chosen(page) == (NAME, [NAME]) and has_canvas(page) and ABOUT in texts(page)
    page.button(key="train-quick").click().run()
    assert lab.studio.current().name == "quick-1"
    assert "quick-1 is training. It answers here as soon as its first epoch is done." in [each.value for each in page.info]


def test_the_first_epoch_of_an_own_run_takes_its_place_and_it_can_be_chosen_again(there, open_page, lab, trainer):
    page = open_page("Draw")
    finished(lab, trainer)
    page.run()
    scored = "mine-1, 53.1%"
    assert chosen(page) == ("The best, mine-1", ["The best, mine-1", scored, NAME]) and ABOUT not in texts(page)
    page.selectbox(key="run").select(starter.RUN_ID).run()
    assert chosen(page)[0] == NAME and ABOUT in texts(page) and page.query_params["run"] == "starter"


def test_a_link_to_it_is_followed_though_a_run_trains(there, open_page, lab, trainer):
    first_epoch(lab, trainer)
    page = open_page("Draw", run="starter")
    assert ABOUT in texts(page) and not page.warning


@pytest.mark.parametrize("title", ["Evaluate", "Runs"])
def test_no_list_of_runs_has_it(there, open_page, lab, title):
    assert lab.store.runs.all() == []
    assert not [line for line in texts(open_page(title)) if starter.NAME in line]
