"""Evaluate while a run trains: the epoch that was chosen stays chosen, and what moves by itself keeps moving."""

import re

import pytest

from bench.browser import CELL_PLACE
from core.recipe import Recipe
from tests.browser.conftest import Visit

# Small, with epochs of a second and more of them than the tests need; restless, so that the counts change with each of them.
RECIPE = Recipe(
    architecture="compact",
    filters_1=4,
    filters_2=8,
    filters_3=8,
    filters_4=8,
    epochs=300,
    batch_size=32,
    learning_rate=0.004,
    schedule="constant",
    batch_norm_momentum=0.9,
)
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


def test_a_press_on_a_cell_holds_while_the_epochs_go_on(training):
    """The counts in the list beside it change with every epoch, which must not turn one cell into another."""
    slider = training.page.get_by_role("slider").first
    slider.focus()
    slider.press("Home")  # back to the newest epoch, whose counts change
    goes_on(training)
    plot = training.page.locator("[class*=st-key-confusion-] .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    for true, read in ("33", "79", "77", "08", "00", "51", "55", "88"):
        x, y = plot.evaluate(CELL_PLACE, [true, read])
        training.page.mouse.move(x - 3, y - 3)
        training.page.mouse.move(x, y)
        plot.locator(".hovertext", has_text=f"{true} read as {read}").wait_for()
        training.page.mouse.click(x, y)
        training.see(f"A {true}, read as {read}")
        goes_on(training)
        assert training.page.locator(".stMain h2").last.inner_text() == f"A {true}, read as {read}"
