"""One person's way through the lab, step by step: each test begins where the one before it ended."""

import re

import pytest

from bench.browser import CELL_PLACE
from core.recipe.presets import preset
from tests.browser.conftest import Visit

# A small network with short epochs, more of them than it needs, so that there is time to pause it and to look around.
RECIPE = preset("quick", "digits").changed(
    filters_1=16,
    filters_2=32,
    filters_3=48,
    filters_4=64,
    batch_size=32,
    epochs=10,
    shear_deg=15.0,
    zoom=0.15,
    label_smoothing=0.0,
)

NUM_POINTS = "() => document.querySelector('.st-key-train-curves .js-plotly-plot')?._fullData?.[1].x.length ?? 0"
SLIDERS = "rows => rows.map(row => [row.querySelector('label').innerText, row.querySelector('[type=number]').value])"
RANGE = "() => document.querySelector('.st-key-train-curves .js-plotly-plot').layout.xaxis.range.join(' ')"
PROGRESS = "() => document.querySelector('.stMain .stProgress')?.innerText ?? ''"


@pytest.fixture(scope="module")
def story(chromium, server):
    visit = Visit(chromium, server)
    yield visit
    visit.close()


@pytest.fixture(autouse=True)
def in_order(request):
    if broken_at := getattr(request.module, "broken_at", None):
        pytest.fail(f"the story broke off at {broken_at}", pytrace=False)


def grown(story, num_points):
    """Waits for more points than that; gives how many there are."""
    return story.until(f"before => {{ const now = ({NUM_POINTS})(); return now > before && now }}", num_points)


def test_the_curve_grows_without_a_touch(story):
    story.open("train", **RECIPE.to_query())
    story.press("Start")
    story.until(f"() => / batch /.test(({PROGRESS})())")
    grown(story, grown(story, 0))


def test_pause_holds_the_run_while_other_pages_are_looked_at(story):
    story.press("Pause")
    story.see("paused")
    held = story.page.evaluate(PROGRESS)
    story.go("Data")
    story.go("Train")
    story.see("paused")
    assert story.page.evaluate(PROGRESS) == held


def test_the_values_were_kept_meanwhile(story):
    story.page.locator(".slider-row").first.wait_for()  # the browser builds the rows after the page's script has ended
    values = dict(story.page.locator(".slider-row").evaluate_all(SLIDERS))
    assert (values["Epochs"], values["Batch size"]) == ("10", "32")
    assert "epochs=10" in story.page.url and "architecture=compact" in story.page.url


def test_resume_goes_on_where_it_stood(story):
    held = story.page.evaluate(PROGRESS)
    story.press("Resume")
    now = story.until(f"() => {{ const now = ({PROGRESS})(); return / batch /.test(now) && now }}")
    epochs = [int(re.search(r"epoch (\d+)/10", text)[1]) for text in (held, now)]
    assert epochs[0] <= epochs[1] <= epochs[0] + 2


def test_zoom_is_kept_while_the_curve_grows(story):
    story.press("Pause")
    story.see("paused")
    area = story.page.locator(".st-key-train-curves .nsewdrag").first
    area.scroll_into_view_if_needed()
    whole, box = story.page.evaluate(RANGE), area.bounding_box()
    middle = box["y"] + box["height"] / 2
    story.page.mouse.move(box["x"] + 0.1 * box["width"], middle)
    story.page.mouse.down()
    story.page.mouse.move(box["x"] + 0.6 * box["width"], middle, steps=5)
    story.page.mouse.up()
    zoomed = story.until(f"whole => {{ const now = ({RANGE})(); return now !== whole && now }}", whole)
    num_points = story.page.evaluate(NUM_POINTS)
    drawing = story.page.locator(".st-key-train-curves .main-svg").first.element_handle()
    story.press("Resume")
    grown(story, num_points)
    assert story.page.evaluate(RANGE) == zoomed
    assert drawing.evaluate("drawing => drawing.isConnected"), "the chart was put up anew, which a person sees as flicker"


def test_after_a_reload_the_run_is_still_there(story):
    (name,) = re.findall(r"mine-\d+", story.page.evaluate(PROGRESS))
    story.page.reload()
    story.settled()
    story.see(name)
    assert grown(story, 0)


def test_the_end_leads_to_the_confusion_matrix(story):
    story.see("has finished")
    story.page.get_by_role("link", name="See its mistakes").click()
    story.page.get_by_role("heading", name="Evaluate", level=1).wait_for()
    story.page.locator("[class*=st-key-confusion-] .js-plotly-plot .heatmaplayer image").first.wait_for(state="attached")
    story.settled()


def test_a_click_on_a_cell_shows_its_images(story):
    plot = story.page.locator("[class*=st-key-confusion-] .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    x, y = plot.evaluate(CELL_PLACE, ["7", "7"])
    story.page.mouse.move(x - 3, y - 3)
    story.page.mouse.move(x, y)
    plot.locator(".hovertext", has_text="7 read as 7").wait_for()
    story.page.mouse.click(x, y)
    story.see("A 7, read as 7")
    story.page.get_by_alt_text("Images with the true digit, the answer").first.wait_for()


def test_a_drawn_seven_is_read_as_one(story):
    story.go("Draw")
    canvas = story.page.locator("canvas").last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    mouse = story.page.mouse
    mouse.move(box["x"] + 100, box["y"] + 80)
    mouse.down()
    for x, y in ((230, 80), (170, 170), (140, 270)):
        mouse.move(box["x"] + x, box["y"] + y, steps=10)
    mouse.up()
    answer = story.page.locator(".st-key-answer h2")
    answer.get_by_text(re.compile(r"^7\s+\d+\.\d%$")).wait_for()  # before that, what was read of the half of it
    bars = story.page.locator(".st-key-answer-chart .bars .point")
    bars.last.wait_for()
    assert bars.count() == 10


def test_clear_makes_room_for_the_next(story):
    story.press("Clear")
    story.see("Draw a digit, large or small")
    assert story.page.locator(".st-key-answer h2").count() == 0
