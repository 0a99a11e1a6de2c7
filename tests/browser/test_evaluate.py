"""Evaluate while a run trains: the epoch that was chosen stays chosen, and what moves by itself keeps moving."""

import re

import pytest

from core.recipe import Recipe
from tests.browser.conftest import Visit

# Small, with epochs of a second and more of them than the tests need.
RECIPE = Recipe(architecture="compact", filters_1=4, filters_2=8, filters_3=8, filters_4=8, epochs=300, batch_size=32)
LOSS = "() => document.querySelectorAll('[data-testid=stMetricValue]')[2]?.innerText"
RUNNING_EPOCH = "() => Number(/epoch (\\d+)\\//.exec(document.querySelector('.stSidebar .stProgress').innerText)[1])"
SLIDER = ".stMain [data-testid=stSlider]"


@pytest.fixture(scope="module")
def training(chromium, server):
    visit = Visit(chromium, server)
    visit.open("train", **RECIPE.to_query())
    visit.press("Start")
    visit.see(re.compile(r"Epoch [3-9] of"))
    yield visit
    visit.go("Train")
    visit.press("Stop")
    visit.see("was stopped")
    visit.close()


def test_the_page_follows_the_newest_epoch_by_itself(training):
    training.go("Evaluate")
    first = training.page.locator(SLIDER).get_by_text("newest, epoch").first.inner_text()
    training.until(f"first => !document.querySelector('{SLIDER}').innerText.includes(first)", first)


def goes_on(training):
    """Waits until the run is two epochs further, which the page has had time to draw."""
    epoch = training.page.evaluate(RUNNING_EPOCH)
    training.until(f"epoch => ({RUNNING_EPOCH})() > epoch + 1", epoch)


def test_an_epoch_that_was_chosen_stays_while_the_run_goes_on(training):
    slider = training.page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    goes_on(training)
    chosen = training.page.evaluate(LOSS)
    goes_on(training)
    assert training.page.evaluate(LOSS) == chosen


def test_a_cell_opens_its_images_meanwhile(training):
    training.page.locator("[class*=st-key-cell] input").first.click()
    training.page.get_by_role("option").nth(1).click()
    training.see(re.compile(r"A \d, read as \d"))
    training.page.get_by_alt_text("Images with the true digit, the answer").first.wait_for()
