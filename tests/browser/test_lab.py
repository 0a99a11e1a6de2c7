"""The Lab in a browser: all blocks on one screen, a phone, and a newcomer's way from opening it to an answer."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from bench import browser as launcher
from bench.newcomer import SEVEN, draw, newcomer
from core.recipe.presets import preset
from tests.browser.conftest import Visit

BLOCKS = {
    "sliders": ".st-key-lab-sliders .sliders",
    "curves": ".st-key-lab-curves .main-svg",
    "matrix": ".st-key-lab-matrix .main-svg",
    "images": ".st-key-lab-sheet img",
    "canvas": ".st-key-lab-board canvas",
    "answer": ".st-key-lab-answer .lab-read",
}
SIZES = {"laptop": (1280, 800), "desk": (1920, 1080)}
MOST_PRESSES = 6
# Short epochs of a small network, more of them than the tests need.
LONG = preset("quick", "digits").changed(filters_1=8, filters_2=16, filters_3=24, filters_4=32, styles=1, epochs=500)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A server on which nothing was trained."""
    with launcher.dashboard(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="module")
def long_run(chromium, fresh):
    """A run that trains until the module's tests are over; gives the cookies of the browser that started it."""
    visit = Visit(chromium, fresh)
    visit.open(**LONG.to_query())
    visit.press("Start")
    visit.page.locator(".lab-line", has_text=re.compile(r"epoch [2-9]\b|epoch \d\d")).wait_for()
    yield visit.context.cookies()
    visit.press("Stop")
    visit.page.locator(".lab-line", has_text="stopped").wait_for()
    visit.close()


def opened(chromium, server, size, scheme, cookies=()):
    width, height = size
    visit = Visit(chromium, server, viewport={"width": width, "height": height}, color_scheme=scheme)
    visit.context.add_cookies(list(cookies))
    visit.open()
    return visit


PLACES = """parts => parts.filter(part => part.checkVisibility()).map(part => part.getBoundingClientRect())
    .map(({x, y, width, height}) => ({x, y, width, height}))"""


def place(visit, selector):
    """Where the last visible part of that kind is, found and measured in one step: each new epoch replaces parts."""
    parts = visit.page.locator(selector)
    while True:
        parts.last.wait_for()
        if found := parts.evaluate_all(PLACES):
            return found[-1]


FITS = """() => {
    const {scrollWidth, clientWidth, scrollHeight, clientHeight} = document.querySelector(".stMain");
    return scrollWidth <= clientWidth && scrollHeight <= clientHeight;
}"""


def assert_on_screen(visit, blocks):
    """Every block wholly inside the window, and nothing to scroll, once the page has its last block."""
    size = visit.page.viewport_size
    with suppress(TimeoutError):  # what stands where it should not is named below
        visit.page.wait_for_function(FITS, timeout=60_000)
    for name, selector in blocks.items():
        box = place(visit, selector)
        assert box["x"] >= 0 and box["y"] >= 0, (name, box)
        assert box["x"] + box["width"] <= size["width"] and box["y"] + box["height"] <= size["height"], (name, box)
    sizes = "part => [part.scrollWidth, part.clientWidth, part.scrollHeight, part.clientHeight]"
    needed_x, given_x, needed_y, given_y = visit.page.locator(".stMain").evaluate(sizes)
    assert needed_x <= given_x and needed_y <= given_y


def answer(visit):
    """Waits for the answer to a drawing; gives the digit."""
    read = visit.page.locator(".st-key-lab-answer .lab-digit", has_text=re.compile(r"\d\s*\d+\.\d%"))
    read.wait_for()
    return int(read.locator("b").inner_text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_untouched_all_of_it_is_on_one_screen(chromium, fresh, size, scheme):
    visit = opened(chromium, fresh, size, scheme)
    assert_on_screen(visit, BLOCKS | {"start": ".st-key-start-lab button"})
    visit.close()


def test_on_a_phone_the_first_answer_needs_no_scrolling(chromium, fresh):
    visit = Visit(chromium, fresh, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visit.open()
    draw(visit.page, SEVEN)
    answer(visit)
    for selector in (BLOCKS["canvas"], BLOCKS["answer"]):
        box = place(visit, selector)
        assert box["y"] >= 0 and box["y"] + box["height"] <= 844 and box["x"] >= 0 and box["x"] + box["width"] <= 390, selector
    tops = [place(visit, each)["y"] for each in (
        BLOCKS["canvas"], ".st-key-start-lab button", BLOCKS["curves"], BLOCKS["matrix"], BLOCKS["sliders"],
    )]  # fmt: skip
    assert tops == sorted(tops)
    needed, given = visit.page.locator(".stMain").evaluate("part => [part.scrollWidth, part.clientWidth]")
    assert needed <= given <= 390
    visit.close()


def test_a_drawing_goes_along_to_draw_where_it_gets_its_label(chromium, fresh):
    visit = opened(chromium, fresh, SIZES["laptop"], "light")
    draw(visit.page, SEVEN)
    answer(visit)
    visit.page.get_by_role("link", name="Wrong? Label it").click()
    visit.page.get_by_role("heading", name="Draw", level=1).wait_for()
    visit.page.locator(".st-key-answer h2", has_text="7").wait_for()
    visit.page.locator(".st-key-is-7 button").click()
    visit.see("Kept as")
    visit.close()


def test_a_newcomer_trains_sees_mistakes_and_draws_with_few_presses(chromium, fresh):
    visit = Visit(chromium, fresh, viewport={"width": 1280, "height": 800})
    way = newcomer(visit.page, fresh.url)
    assert way.presses <= MOST_PRESSES
    visit.close()


def test_a_slider_s_value_is_in_the_address_and_survives_a_change_of_page(chromium, fresh):
    visit = opened(chromium, fresh, SIZES["laptop"], "light")
    slider = visit.page.get_by_role("slider", name="Epochs")
    slider.focus()
    slider.press("ArrowRight")
    more = preset("quick", "digits").epochs + 1
    visit.until("more => location.search.includes(`epochs=${more}`)", more)
    number = visit.page.get_by_role("spinbutton", name="Learning rate")
    number.fill("0.0123")
    number.press("Enter")
    visit.until("() => location.search.includes('learning_rate=0.0123')")
    visit.go("Data")
    visit.go("Lab")
    expect(visit.page.get_by_role("spinbutton", name="Epochs")).to_have_value(str(more))
    expect(visit.page.get_by_role("spinbutton", name="Learning rate")).to_have_value("0.0123")
    visit.page.reload()
    visit.settled()
    expect(visit.page.get_by_role("spinbutton", name="Learning rate")).to_have_value("0.0123")
    visit.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_while_training_all_of_it_is_on_one_screen(chromium, fresh, long_run, size, scheme):
    visit = opened(chromium, fresh, size, scheme, long_run)
    assert_on_screen(visit, BLOCKS | {"pause": ".st-key-pause-lab button:visible", "stop": ".st-key-stop-lab button:visible"})
    visit.close()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_waiting_for_another_s_run_with_the_same_recipe_all_of_it_is_on_one_screen(chromium, fresh, long_run, size):
    visit = Visit(chromium, fresh, viewport=dict(zip(("width", "height"), size, strict=True)))
    visit.open(**LONG.to_query())
    visit.press("Start")
    visit.page.locator(".lab-line", has_text="next in the queue").wait_for()
    visit.see("Same recipe and seed as")
    assert_on_screen(visit, BLOCKS | {"stop": ".st-key-stop-lab button:visible"})
    visit.press("Stop")
    visit.page.locator(".st-key-start-lab button", has_text=re.compile(r"Start\b(?! another)")).wait_for()
    visit.close()


def test_a_drawing_is_read_again_by_each_new_epoch(chromium, fresh, long_run):
    visit = opened(chromium, fresh, SIZES["laptop"], "light")
    draw(visit.page, SEVEN)
    answer(visit)
    who = visit.page.locator(".st-key-lab-answer")
    first = int(re.search(r"epoch (\d+)", who.inner_text())[1])
    visit.until(
        "first => Number(document.querySelector('.st-key-lab-answer').innerText.match(/epoch (\\d+)/)?.[1]) >= first + 2", first
    )
    assert visit.page.locator(".lab-epochs span").count() >= 2
    visit.press("Clear")
    visit.see("answers while you draw")
    visit.close()
