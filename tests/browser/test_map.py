"""The map of features by mouse and by finger: a point shows its image, a lasso opens many, t-SNE comes by itself."""

import math
import re

import pytest

from core.recipe import Recipe
from tests.browser.conftest import Visit

PLOT = "[class*=st-key-map-] .js-plotly-plot"
# Places on the screen of all points that are shown, first those of the digit with the most.
PLACES = """plot => {
    const box = plot.getBoundingClientRect(), {xaxis, yaxis} = plot._fullLayout;
    return plot._fullData.toSorted((a, b) => b.x.length - a.x.length).flatMap(({x, y, text}) => text.map((words, k) =>
        [box.left + xaxis._offset + xaxis.d2p(x[k]), box.top + yaxis._offset + yaxis.d2p(y[k]), words]));
}"""

ALONE_PX = 15  # no other point is that near, so that every step of the pointer towards it shows the same one

# Whatever comes from the server is heard .7 seconds later.
SLOW_LINE = """{
    const add = WebSocket.prototype.addEventListener;
    WebSocket.prototype.addEventListener = function (type, listener, ...rest) {
        const late = (event) => setTimeout(() => listener(event), 700);
        return add.call(this, type, type === "message" ? late : listener, ...rest);
    };
}"""
HEADING = "inside => [...document.querySelectorAll('.stMain h2')].some(each => parseInt(each.innerText) === inside)"
# The first point of each digit, in the map's own measure.
FIRST = f"() => document.querySelector('{PLOT}')._fullData.map(({{x, y}}) => [x[0], y[0]]).join()"


@pytest.fixture
def map_shown(visit, trained):
    opened(visit)
    return visit


def opened(visit):
    visit.open("evaluate", view="map")
    visit.page.locator(f"{PLOT} .scatterlayer .point").first.wait_for(state="attached")
    visit.page.locator(".stMain .stProgress").first.wait_for(state="detached")
    visit.settled()
    visit.page.locator(PLOT).scroll_into_view_if_needed()


def places(visit):
    return visit.page.locator(PLOT).evaluate(PLACES)


def widest_gap(xs):
    """The middle of the widest gap between neighbours in the middle half, so that no point lies on a line through it."""
    inner = sorted(xs)[len(xs) // 4 : -len(xs) // 4]
    before, after = max(zip(inner, inner[1:], strict=False), key=lambda pair: pair[1] - pair[0])
    return (before + after) / 2


def lonely_places(visit):
    points = places(visit)
    return [(x, y) for x, y, _ in points if sum(math.dist((x, y), other[:2]) < ALONE_PX for other in points) == 1]


def shown_beside_the_pointer(visit):
    """The text beside the point; once its image is there: a part of a sheet that the browser could load."""
    visit.page.locator(".plot-picture").wait_for()
    loaded = """async () => {
        const image = new Image();
        image.src = getComputedStyle(document.querySelector(".plot-picture > div")).backgroundImage.slice(5, -2);
        await image.decode();
        return image.naturalWidth;
    }"""
    assert visit.page.evaluate(loaded) % 28 == 0
    return visit.page.locator(".plot-picture").inner_text()


def test_a_point_shows_its_image_beside_the_pointer(map_shown):
    x, y, _ = places(map_shown)[0]
    map_shown.page.mouse.move(x - 3, y - 3)
    map_shown.page.mouse.move(x, y)
    text = shown_beside_the_pointer(map_shown)
    near = [words for px, py, words in places(map_shown) if abs(px - x) < 15 and abs(py - y) < 15]
    assert text in near
    map_shown.page.mouse.move(2, 2)
    map_shown.page.locator(".plot-picture").wait_for(state="hidden")


def test_a_lasso_opens_the_images_and_the_map_stays(map_shown):
    page, points = map_shown.page, places(map_shown)
    drawing = page.locator(f"{PLOT} .main-svg").first.element_handle()
    xs, ys = [x for x, _, _ in points], [y for _, y, _ in points]
    left, right, top, bottom = min(xs) - 6, widest_gap(xs), min(ys) - 6, max(ys) + 6
    inside = sum(x < right for x in xs)
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=10)
    page.mouse.up()
    assert 1 < inside < len(points)
    map_shown.until(HEADING, inside)
    page.get_by_alt_text("Images with the true digit").first.wait_for()
    map_shown.settled()
    assert drawing.evaluate("drawing => drawing.isConnected"), "the map was put up anew, which a person sees as flicker"


def test_a_press_on_a_point_looks_closer(map_shown):
    x, y = lonely_places(map_shown)[0]
    map_shown.page.mouse.move(x - 3, y - 3)
    map_shown.page.mouse.move(x, y)
    text = shown_beside_the_pointer(map_shown)
    map_shown.page.mouse.click(x, y)
    map_shown.page.locator(".stMain h2").get_by_text(text, exact=True).wait_for()
    map_shown.see("of the 10 nearest show a")
    map_shown.page.get_by_alt_text("The nearest training images").wait_for()


@pytest.fixture
def paused_run(chromium, server):
    """A run that stands still after its first epoch; it is ended in any case, for the tests that follow need the line."""
    visit = Visit(chromium, server)
    small = Recipe(architecture="compact", filters_1=4, filters_2=8, filters_3=8, filters_4=8, epochs=60)
    visit.open("train", **small.to_query())
    visit.press("Start")
    visit.see(re.compile(r"Epoch \d+ of"))
    visit.press("Pause")
    visit.see("paused")
    yield
    visit.press("Stop")
    visit.see("was stopped after")
    visit.close()


def test_a_press_holds_while_the_page_asks_for_news(visit, paused_run):
    """Over a slow line, what the browser sends twice a second has the lists' old values until the press is answered."""
    visit.page.add_init_script(SLOW_LINE)
    with visit.page.expect_websocket() as socket:
        opened(visit)
    for x, y in lonely_places(visit)[:2]:
        visit.page.mouse.move(x - 3, y - 3)
        visit.page.mouse.move(x, y)
        text = shown_beside_the_pointer(visit)
        visit.page.mouse.click(x, y)
        looked_at = visit.page.locator(".stMain h2").get_by_text(text, exact=True)
        looked_at.wait_for()
        for _ in range(5):
            socket.value.wait_for_event("framesent")
        assert looked_at.count() == 1


def test_tsne_comes_by_itself(map_shown):
    before = map_shown.page.evaluate(FIRST)
    map_shown.page.get_by_role("radio", name="t-SNE").click()
    map_shown.until(f"before => ({FIRST})() !== before && !document.querySelector('.stMain .stProgress')", before)
    assert "map-method=t-SNE" in map_shown.page.url


def test_on_a_phone_a_tap_shows_the_image_and_a_swipe_moves_the_page(chromium, server, trained):
    phone = Visit(chromium, server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    opened(phone)
    assert phone.page.evaluate(f"document.querySelector('{PLOT}')._fullLayout.dragmode") is False
    x, y, _ = places(phone)[0]
    phone.page.touchscreen.tap(x, y)
    assert " read as " in shown_beside_the_pointer(phone)
    assert phone.page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    phone.close()


def test_no_chart_offers_to_send_itself_to_another_company(map_shown):
    titles = map_shown.page.locator(".modebar-btn").evaluate_all("buttons => buttons.map(button => button.dataset.title)")
    assert titles and not [title for title in titles if "hare" in title or "loud" in title]
