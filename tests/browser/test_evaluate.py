"""Evaluate while a run trains: the epoch that was chosen stays chosen, and what moves by itself keeps moving."""

import re

import pytest

from bench.browser import CELL_PLACE
from core.drawing.diagnosis import article
from core.recipe import Recipe
from tests.browser.conftest import Visit
from tests.browser.test_accessibility import SIZES, violations

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
LINE = ".st-key-evaluate-line"
FIGURES = "() => [...document.querySelectorAll('[data-testid=stMetricValue]')].map(each => each.innerText).join()"
RUNNING_EPOCH = "() => Number(/epoch (\\d+)\\//.exec(document.querySelector('.stSidebar .stProgress').innerText)[1])"
SLIDER = ".stMain [data-testid=stSlider]"


@pytest.fixture(scope="module")
def training(chromium, server, trained):
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
    assert "newest" in training.page.locator(SLIDER).inner_text()
    training.until(f"first => ({FIGURES})() !== first", training.page.evaluate(FIGURES))


def goes_on(training):
    """Waits until the run is two epochs further, which the page has had time to draw."""
    epoch = training.page.evaluate(RUNNING_EPOCH)
    training.until(f"epoch => ({RUNNING_EPOCH})() > epoch + 1", epoch)


def test_an_epoch_that_was_chosen_stays_while_the_run_goes_on(training):
    slider = training.page.get_by_role("slider").first
    slider.focus()
    slider.press("Home")
    training.page.wait_for_url("**epoch=1**")
    goes_on(training)
    chosen = training.page.evaluate(FIGURES)
    goes_on(training)
    assert training.page.evaluate(FIGURES) == chosen


def test_a_cell_opens_its_images_meanwhile(training):
    training.page.locator("[class*=st-key-cell] input").first.click()
    training.page.get_by_role("option").nth(1).click()
    training.see(re.compile(r"An? \d, read as \d"))
    training.page.get_by_alt_text("Images with the true digit, the answer").first.wait_for()


def test_a_press_on_a_cell_holds_while_the_epochs_go_on(training):
    """The counts in the list beside it change with every epoch, which must not turn one cell into another."""
    slider = training.page.get_by_role("slider").first
    slider.focus()
    slider.press("End")  # back to the newest epoch, whose counts change
    goes_on(training)
    plot = training.page.locator("[class*=st-key-confusion-] .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    for true, read in ("33", "79", "77", "08", "00", "51", "55", "88"):
        x, y = plot.evaluate(CELL_PLACE, [true, read])
        training.page.mouse.move(x, y)
        goes_on(training)  # the matrix is drawn anew under a pointer that rests
        training.page.mouse.click(x, y)
        words = f"{article(int(true)).capitalize()}, read as {read}"
        training.see(words)
        goes_on(training)
        assert training.page.locator(".stMain h2").first.inner_text() == words


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_the_matrix_is_wholly_in_sight_right_under_the_title(chromium, server, trained, width, height):
    desk = Visit(chromium, server, viewport={"width": width, "height": height})
    desk.open("evaluate", run=trained)
    matrix = box(desk, "[class*=st-key-confusion-] .js-plotly-plot")
    assert matrix["y"] - box(desk, "h1")["y"] <= 200
    assert matrix["y"] + matrix["height"] <= height
    images = box(desk, ".stMain img >> nth=-1")
    assert images["x"] > matrix["x"] + matrix["width"] / 2 and images["y"] < height, "the images of the cell are not beside it"
    desk.close()


def test_on_a_phone_the_matrix_comes_right_after_the_line_and_the_views(chromium, server, trained):
    phone = Visit(chromium, server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.open("evaluate", run=trained)
    order = [LINE, ".st-key-view", "[class*=st-key-confusion-] .js-plotly-plot"]
    for each in order:
        box(phone, each)
    phone.until(  # all in one look: blocks above may still be drawn
        """order => order.map(each => document.querySelector(each).getBoundingClientRect())
            .every(({top}, place, all) => !place || (top >= all[place - 1].bottom && top <= all[place - 1].bottom + 32))""",
        order,
    )
    phone.close()


def box(visit, place):
    found = visit.page.locator(place).first
    found.wait_for()
    return found.bounding_box()


@pytest.mark.parametrize(("size", "theme"), [("wide", "light"), ("phone", "dark")])
def test_a_press_scores_every_run_on_every_set_and_each_cell_can_be_read(chromium, server, trained, size, theme):
    visit = Visit(chromium, server, color_scheme=theme, **SIZES[size])
    visit.open("evaluate", run=trained, view="sets")
    if visit.page.get_by_role("button", name=re.compile("^Score (all|the)")).count():
        visit.page.get_by_role("button", name=re.compile("^Score (all|the)")).click()
    visit.page.get_by_role("button", name=re.compile("^Score (all|the)")).wait_for(state="hidden")
    visit.page.get_by_role("row", name=re.compile(rf"^{trained}, epoch 1 .*seen in part, own$")).wait_for()
    visit.page.get_by_role("button", name="Cancel").wait_for(state="hidden")
    visit.settled()
    assert not violations(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    visit.close()
