"""What has to hold on every page: a phone's width, dark mode, and nothing asked of another computer."""

import pytest

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
