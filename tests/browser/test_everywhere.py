"""What has to hold on every page: a phone's width, dark mode, and nothing asked of another computer."""

import pytest

from core.recipe import Recipe
from tests.browser.conftest import Visit
from ui.frame import PAGES

PATHS = ["" if page.path == "app.py" else page.path.removeprefix("pages/").removesuffix(".py") for page in PAGES]


@pytest.fixture(scope="module")
def windows(chromium, server, trained):
    """A phone's window and a dark one."""
    phone = Visit(chromium, server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    dark = Visit(chromium, server, color_scheme="dark")
    yield {"phone": phone, "dark": dark}
    phone.close()
    dark.close()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_a_phone(windows, path):
    phone = windows["phone"]
    phone.open(path)
    sizes = phone.page.evaluate(
        "['html', '.stMain'].map(name => document.querySelector(name)).map(part => [part.scrollWidth, part.clientWidth])"
    )
    assert all(needed <= given <= 390 for needed, given in sizes)


@pytest.mark.parametrize("path", PATHS)
def test_dark_mode_has_no_error_and_no_bright_page(windows, path):
    dark = windows["dark"]
    dark.open(path)
    assert dark.page.locator("[data-testid=stAlertContentError], .stException").count() == 0
    color = dark.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert max(map(int, color.removeprefix("rgb(").removesuffix(")").split(","))) < 64


def test_no_page_asks_anything_of_another_computer(visit, trained):
    for path in PATHS:
        visit.open(path)
    visit.page.wait_for_load_state("networkidle")
    assert visit.strangers == []


def test_the_charts_library_comes_while_a_page_without_charts_is_read(visit):
    """Or the first figure would wait a second for it."""
    visit.open("kaggle")
    visit.until("() => window.Plotly?.version")
    assert visit.page.locator(".js-plotly-plot").count() == 0


def test_an_idle_page_and_one_that_was_hidden_notice_a_run_that_somebody_else_starts(chromium, server, trained):
    idle, hidden, other = (Visit(chromium, server) for _ in range(3))
    idle.open("data")
    hidden.open("runs")
    hidden.page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    other.open(
        "train", **Recipe(architecture="compact", filters_1=4, filters_2=8, filters_3=8, filters_4=8, epochs=40).to_query()
    )
    other.page.locator(".st-key-start-train button:visible").first.click()
    badge = ".st-key-stop-sidebar button:visible"
    idle.page.locator(badge).last.wait_for()
    assert not hidden.page.locator(badge).count()
    hidden.page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    hidden.page.locator(badge).last.wait_for()
    other.page.locator(".st-key-stop-train button:visible").last.click()
    other.see("was stopped")
    idle.page.locator(badge).first.wait_for(state="detached")
    for visit in (idle, hidden, other):
        visit.close()
