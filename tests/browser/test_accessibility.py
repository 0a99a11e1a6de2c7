"""axe-core, which comes with axe-playwright-python, finds no violation on any page: light and dark, wide and on a phone, before
anything was trained and with a run that has finished.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from bench import browser as launcher
from tests.browser.conftest import Visit
from ui.frame import PAGES

SIZES = {
    "wide": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
# Rule, part of the element's address or markup -> why it stands. Anything else fails.
KNOWN = {
    ("presentation-role-conflict", "stFileUploaderDropzone"): "Streamlit's uploader: its button has the name and the focus",
    ("empty-table-header", 'role="columnheader"'): "Streamlit's table of runs: the column of stars has a blank for its name",
}


def violations(visit, theme="light"):
    """What axe finds on the page as it stands, one line for each element, without what is KNOWN. Of its rules only those of
    colour see the theme.
    """
    options = {"resultTypes": ["violations"]} | ({"runOnly": ["color-contrast", "link-in-text-block"]} if theme == "dark" else {})
    lines = []
    for rule in Axe().run(visit.page, options=options).response["violations"]:
        for node in rule["nodes"]:
            place = f"{node['target']} {node['html']}"
            if not any(rule["id"] == known and part in place for known, part in KNOWN):
                lines.append(f"{rule['id']}: {place[:300]}")
    return lines


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    with launcher.dashboard(tmp_path_factory.mktemp("untouched")) as server:
        yield server


@pytest.fixture(scope="module", params=("untouched", "finished"))
def state(request, server):
    if request.param == "untouched":
        return request.getfixturevalue("untouched")
    request.getfixturevalue("trained")
    return server


@pytest.mark.parametrize("theme", ("light", "dark"))
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(chromium, state, size, theme):
    visit = Visit(chromium, state, color_scheme=theme, **SIZES[size])
    found = {}
    for page in PAGES:
        visit.open(page.name)
        if lines := violations(visit, theme):
            found[page.title] = lines
    visit.close()
    assert not found, "\n".join(f"{title}: {line}" for title, lines in found.items() for line in lines)


def test_a_change_of_page_takes_the_focus_to_its_title(visit, trained):
    visit.open()
    visit.go("Runs")
    visit.until("() => document.activeElement.matches('.stMain h1')")


def test_the_navigation_of_a_phone_closes_after_a_choice(chromium, server, trained):
    phone = Visit(chromium, server, **SIZES["phone"])
    phone.open("train")
    phone.page.get_by_test_id("stExpandSidebarButton").click()
    phone.go("Runs")
    phone.page.get_by_test_id("stSidebarCollapseButton").wait_for(state="hidden")
    phone.page.get_by_test_id("stExpandSidebarButton").wait_for()
    phone.close()


def test_a_page_link_shows_where_the_focus_is(visit, trained):
    visit.open()
    link = visit.page.locator(".stSidebar").get_by_role("link", name="Runs", exact=True)
    visit.page.keyboard.press("Tab")
    link.focus()
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"


def test_the_look_is_chosen_once_for_all_pages_and_outlasts_a_reload(visit, trained):
    ground = "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    visit.open("train")
    visit.page.get_by_role("button", name="Dark", exact=True).click()
    visit.until(f"() => ({ground})() === 'rgb(21, 23, 28)'")
    visit.settled()
    visit.go("Runs")
    visit.page.reload()
    visit.settled()
    assert visit.page.evaluate(ground) == "rgb(21, 23, 28)"
    visit.page.get_by_role("button", name="Projector", exact=True).click()
    visit.until("() => getComputedStyle(document.documentElement).fontSize === '20px'")
    visit.settled()
    assert visit.page.evaluate(ground) == "rgb(255, 255, 255)"


def test_an_unknown_page_says_so(visit, trained):
    visit.page.goto(f"{visit.server.url}/nopage")
    visit.see("There is no page “nopage”.")


def test_the_first_content_begins_within_90_px(visit, trained):
    for page in PAGES:
        visit.open(page.name)
        tops = visit.page.evaluate(
            "[...document.querySelectorAll('.stMain h1')].map(title => [title.getBoundingClientRect().bottom, "
            "parseFloat(getComputedStyle(title).fontSize)])"
        )
        assert all(bottom < 90 and 24 <= size <= 28 for bottom, size in tops), page.title


def test_a_stopped_server_says_how_to_start_this_one(chromium, tmp_path):
    with launcher.dashboard(tmp_path) as server:
        visit = Visit(chromium, server)
        visit.open()
    visit.page.get_by_text("make run").wait_for()
    assert not visit.page.get_by_text("yourscript").count()
    visit.close()
