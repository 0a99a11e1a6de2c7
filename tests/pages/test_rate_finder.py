"""Train: a press finds a learning rate, shows its curve, and another press takes it over."""

import threading

import numpy as np
import pytest

from core.recipe import Recipe
from core.training import range_tests
from tests.fakes import SOON_S
from tests.pages.reading import PYTHON, plots, text


def bowl(recipe, split, rates, check):
    """Lowest at a rate of .035, no number beyond .5."""
    check(0.5)
    return np.where(rates < 0.5, 0.5 + 0.3 * (np.log10(rates) + 1.5) ** 2, np.nan)


@pytest.fixture
def measured_as(lab, monkeypatch):
    """Has range tests measure so; the lane is closed with the lab."""

    def measured_as(measure):
        monkeypatch.setattr(lab.range_tests, "_measure", measure)

    measured_as(bowl)
    return measured_as


def press(page, lab, recipe):
    page.button(key="find-rate").click().run()
    lab.range_tests.jobs.wait(range_tests.key(recipe), SOON_S)
    return page.run()


def recipe_of(page):
    return Recipe(**{name: page.session_state[name] for name in vars(Recipe())})


def test_a_press_finds_a_rate_and_another_takes_it_into_the_form(open_page, lab, measured_as):
    page = open_page("Train")
    press(page, lab, recipe_of(page))
    assert not page.exception
    (alt,) = [each for each in plots(page) if "rises from step to step" in each]
    (take,) = [button for button in page.button if button.key == "take-rate"]
    rate = float(take.label.removeprefix("Take "))
    assert f"; {rate:g} is suggested" in alt and 0.002 < rate < 0.005
    assert f"Suggested as the peak of one cycle: {rate:g}." in text(page) and "grew without bound at a rate of 0.5" in text(page)
    take.click().run()
    assert page.session_state["learning_rate"] == rate and "The form has this rate." in text(page)
    assert lab.store.runs.all() == [], "it changes the form and starts nothing"
    assert not PYTHON.search(text(page))


def test_the_result_survives_a_change_of_page_and_is_hidden_from_a_recipe_that_it_does_not_apply_to(open_page, lab, measured_as):
    page = open_page("Train")
    press(page, lab, recipe_of(page))
    open_page("Data", visit=page)
    open_page("Train", visit=page)
    assert "take-rate" in {button.key for button in page.button}
    page.session_state["batch_size"] = 16
    page.run()
    assert {"take-rate", "find-rate"} & {button.key for button in page.button} == {"find-rate"}
    page.session_state["batch_size"] = 48
    page.session_state["schedule"] = "constant"
    page.run()
    assert "Suggested as the rate: " in text(page), "the schedule changes what is suggested, and no test"


def test_progress_can_be_cancelled(open_page, lab, measured_as):
    begun, go_on = threading.Event(), threading.Event()

    def measure(recipe, split, rates, check):
        begun.set()
        assert go_on.wait(SOON_S)
        return bowl(recipe, split, rates, check)

    measured_as(measure)
    page = open_page("Train")
    page.button(key="find-rate").click().run()
    assert begun.wait(SOON_S)
    page.run()
    assert any("Finding a rate" in bar.text for bar in page.main.get("progress"))
    page.button(key="cancel-digitlab-range-test").click().run()
    go_on.set()
    page.run()
    assert "find-rate" in {button.key for button in page.button} and not page.exception


@pytest.mark.parametrize(
    ("level", "words"),
    [(2.3, "The loss hardly fell at any rate"), (np.nan, "The loss stopped being a number at the first step")],
)
def test_a_loss_that_never_falls_or_is_no_number_is_said(open_page, lab, measured_as, level, words):
    measured_as(lambda recipe, split, rates, check: np.full(len(rates), level))
    page = open_page("Train")
    press(page, lab, recipe_of(page))
    assert words in text(page) and "take-rate" not in {button.key for button in page.button} and not page.exception


def test_what_stands_in_its_way_is_said_and_it_can_be_tried_again(open_page, lab, measured_as):
    page = open_page("Train", dataset="digits", batch_size="1024", validation_share="0.5")
    press(page, lab, recipe_of(page))
    assert "fewer than one batch of 1,024" in text(page) and "find-rate" in {button.key for button in page.button}


@pytest.mark.slow
def test_a_press_runs_a_real_test(open_page, lab):
    page = open_page("Train")
    press(page, lab, recipe_of(page))
    assert "take-rate" in {button.key for button in page.button} and not page.exception
