"""The canvas and its companion, with a network that has learned next to nothing: how many digits, not which."""

import re
import time

import pytest

from tests.browser.conftest import SLOW_S, Visit


def test_a_number_is_written_on_a_wide_canvas_and_its_last_stroke_taken_back(visit, trained):
    visit.open("draw", run=trained)
    visit.page.get_by_text("Always answer").click()  # what it rejects depends on what it has learned
    visit.page.locator(".st-key-drawing").get_by_text("A number").click()
    canvas = visit.page.locator(".st-key-board-672 canvas").last
    canvas.wait_for()
    canvas.scroll_into_view_if_needed()
    box, mouse, answer = canvas.bounding_box(), visit.page.mouse, visit.page.locator(".st-key-answer h2")
    scale = box["width"] / 672
    for number, left in enumerate((60, 260, 460), start=1):
        mouse.move(box["x"] + scale * left, box["y"] + scale * 80)
        mouse.down()
        for x, y in ((130, 80), (70, 170), (40, 270)):
            mouse.move(box["x"] + scale * (left + x), box["y"] + scale * y, steps=10)
        # What is read of a part of a stroke looks the same; Undo is for whole ones, which the canvas sends a little later.
        with visit.socket.expect_event("framesent", lambda sent, number=number: sent.count(b'"path":[[') == number):
            mouse.up()
    answer.get_by_text(re.compile(r"^\d{3}\s")).wait_for()
    visit.page.keyboard.press("Control+z")
    answer.get_by_text(re.compile(r"^\d{2}\s")).wait_for()
    visit.page.keyboard.press("Control+Shift+z")
    answer.get_by_text(re.compile(r"^\d{3}\s")).wait_for()
    visit.page.locator(".st-key-clear button").click()
    visit.see("Write a number, its digits side by side.")


def test_the_wide_canvas_fits_a_phone_and_the_pen_writes_where_it_points(chromium, server, trained):
    visit = Visit(chromium, server, viewport={"width": 390, "height": 900}, has_touch=True, is_mobile=True)
    visit.open("draw", drawing="number", run=trained)
    canvas = visit.page.locator(".st-key-board-672 canvas").last
    canvas.wait_for()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["width"] > 300
    assert canvas.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none", "a finger would scroll the page"
    mouse = visit.page.mouse
    mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.2 * box["height"])
    mouse.down()
    mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.8 * box["height"], steps=10)
    mouse.up()
    visit.page.locator(".st-key-answer h2").wait_for()
    inked = """canvas => {
        const pixels = canvas.getContext("2d").getImageData(0, 336, 1344, 1).data;
        const dark = place => pixels[4 * place] < 128;
        return [...Array(1344).keys()].filter(dark);
    }"""
    places = visit.page.locator(".st-key-board-672 canvas.lower-canvas").last.evaluate(inked)
    assert abs(sum(places) / len(places) - 0.75 * 1344) < 8
    visit.close()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800), (1920, 1080)])
def test_canvas_and_answer_are_in_sight_together_without_scrolling(chromium, server, trained, width, height):
    visit = Visit(chromium, server, viewport={"width": width, "height": height}, has_touch=width < 400, is_mobile=width < 400)
    visit.open("draw", run=trained)
    draw(visit, [(0.3, 0.25), (0.7, 0.25), (0.45, 0.8)])
    answer = visit.page.locator(".st-key-answer h2")
    answer.wait_for()
    visit.settled()
    below, canvas = answer.bounding_box(), canvas_of(visit).bounding_box()
    assert below["y"] + below["height"] <= height and canvas["y"] >= 0 and canvas["y"] + canvas["height"] <= height
    assert canvas["width"] > {390: 300, 1280: 380, 1920: 600}[width]
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    visit.close()


def canvas_of(visit):
    return visit.page.locator(".st-key-board-336 canvas").last


def draw(visit, places, *, lift=True):
    """One stroke, through places given as shares of the canvas."""
    visit.settled()
    canvas_of(visit).wait_for()
    box, mouse = canvas_of(visit).bounding_box(), visit.page.mouse
    (x, y), *others = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    mouse.move(x, y)
    mouse.down()
    for x, y in others:
        mouse.move(x, y, steps=10)
    if lift:
        mouse.up()


SEEN = ".stMain img[alt='The drawing as 28 by 28 pixels']"


def ink(visit):
    """How many pixels of the canvas are inked."""
    return canvas_of(visit).evaluate("""upper => {
        const canvas = upper.parentElement.querySelector(".lower-canvas");
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        let count = 0;
        for (let place = 0; place < pixels.length; place += 4) count += pixels[place] < 128;
        return count;
    }""")


def wait_for_ink(visit, condition):
    deadline = time.monotonic() + SLOW_S
    while not condition(ink(visit)) and time.monotonic() < deadline:
        visit.page.wait_for_timeout(50)
    assert condition(ink(visit))


def test_the_answer_comes_while_the_pen_is_down_and_is_said_once_it_rests(visit, trained):
    visit.open("draw", run=trained)
    toolbar = visit.page.locator(".st-key-board-336 .dc-toolbar")
    toolbar.wait_for(state="hidden")
    draw(visit, [(0.3, 0.25), (0.7, 0.25)], lift=False)
    visit.page.mouse.move(*middle(visit), steps=5)
    visit.page.locator(".st-key-answer h2").wait_for()
    first = visit.page.locator(SEEN).get_attribute("src")
    visit.page.mouse.up()
    visit.until("(image, seen) => document.querySelector(image)?.getAttribute('src') !== seen", SEEN, first)
    visit.page.locator("[role=status]", has_text=re.compile("certain|Not a digit")).wait_for(state="attached")
    visit.page.locator(".st-key-undo button:enabled:visible").wait_for()


def middle(visit):
    box = canvas_of(visit).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + 0.8 * box["height"]


def test_undo_and_redo_by_button_and_by_key_are_one_history_with_the_eraser_and_clear(visit, trained):
    visit.open("draw", run=trained)
    keyboard = visit.page.keyboard
    draw(visit, [(0.3, 0.25), (0.7, 0.25)])
    visit.page.locator(".st-key-answer h2").wait_for()
    one = ink(visit)
    draw(visit, [(0.7, 0.3), (0.4, 0.8)])
    wait_for_ink(visit, lambda count: count > one)
    two = ink(visit)
    visit.page.locator(".st-key-undo button:enabled:visible").click()
    wait_for_ink(visit, lambda count: count == one)
    visit.page.locator(".st-key-redo button:enabled:visible").click()
    wait_for_ink(visit, lambda count: count == two)
    visit.settled()
    keyboard.press("Control+z")
    wait_for_ink(visit, lambda count: count == one)
    visit.settled()
    keyboard.press("Control+z")
    wait_for_ink(visit, lambda count: count == 0)
    visit.settled()
    for expected in (one, two):
        keyboard.press("Control+Shift+z")
        wait_for_ink(visit, lambda count, expected=expected: count == expected)
        visit.settled()
    visit.page.locator(".st-key-tool").get_by_text("Eraser", exact=True).click()
    draw(visit, [(0.2, 0.25), (0.8, 0.25)])
    wait_for_ink(visit, lambda count: count < two)
    erased = ink(visit)
    visit.settled()
    visit.page.locator(".st-key-clear button:enabled:visible").click()
    wait_for_ink(visit, lambda count: count == 0)
    for expected in (erased, two):
        visit.settled()
        keyboard.press("Control+z")
        wait_for_ink(visit, lambda count, expected=expected: count == expected)


def test_a_digit_can_be_drawn_by_the_keyboard_alone(visit, trained):
    visit.open("draw", run=trained)
    visit.page.locator(".st-key-board-336 .upper-canvas[tabindex='0']").focus()
    for key in (*["ArrowLeft"] * 2, " ", *["ArrowDown"] * 6, " "):
        visit.page.keyboard.press(key)
    visit.page.locator(".st-key-answer h2").wait_for()
    assert ink(visit) > 1000
    visit.page.locator(".st-key-undo button:enabled:visible").wait_for()


def test_without_its_companion_the_canvas_draws_and_answers_as_before(chromium, server, trained):
    """The companion finds the canvas in an open shadow root; here it is closed to everybody."""
    visit = Visit(chromium, server)
    visit.page.add_init_script("""
        const attach = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (options) { return attach.call(this, {...options, mode: "closed"}); };
    """)
    visit.open("draw", run=trained)
    board = visit.page.locator(".st-key-board-336")
    board.wait_for()
    visit.settled()
    box, mouse, answer = board.bounding_box(), visit.page.mouse, visit.page.locator(".st-key-answer h2")
    mouse.move(box["x"] + 100, box["y"] + 80)
    mouse.down()
    mouse.move(box["x"] + 220, box["y"] + 80, steps=10)
    mouse.move(box["x"] + 150, box["y"] + 260, steps=10)
    visit.page.wait_for_timeout(600)
    assert not answer.count(), "nothing is sent while the pen is down"
    mouse.up()
    answer.wait_for()
    visit.page.locator(".st-key-undo button:enabled:visible").click()
    visit.see("The answer comes while you draw.")
    visit.page.locator(".st-key-redo button:enabled:visible").click()
    answer.wait_for()
    visit.close()


def test_two_digits_in_the_field_for_one_are_read_as_a_number_by_one_press(chromium, server):
    visit = Visit(chromium, server)
    visit.open("draw", run="starter")
    canvas, mouse = visit.page.locator(".st-key-board-336 canvas").last, visit.page.mouse
    canvas.wait_for()
    visit.settled()
    for way in (((60, 80), (60, 250)), ((150, 80), (270, 80), (200, 260))):
        box = canvas.bounding_box()
        (x, y), *others = [(box["x"] + box["width"] * x / 336, box["y"] + box["width"] * y / 336) for x, y in way]
        mouse.move(x, y)
        mouse.down()
        for x, y in others:
            mouse.move(x, y, steps=8)
        mouse.up()
        visit.settled()
    visit.see("Two digits?")
    visit.see("As a number it reads 17.")
    visit.page.get_by_role("button", name="Read it as a number").click()
    visit.page.locator(".st-key-board-672 canvas").last.wait_for()
    visit.page.locator(".st-key-answer h2", has_text=re.compile(r"^17\s")).wait_for()
    visit.close()


# In the place of a camera: a sheet of paper with a seven on it. Counts how often it is opened.
CAMERA = """
window.opened = 0;
navigator.mediaDevices.enumerateDevices = async () => [{kind: "videoinput", deviceId: "a", label: "a", groupId: "a"}];
navigator.mediaDevices.getUserMedia = async () => {
  window.opened++;
  const sheet = Object.assign(document.createElement("canvas"), {width: 640, height: 480}), pen = sheet.getContext("2d");
  setInterval(() => {
    pen.fillStyle = "#e8e8e8"; pen.fillRect(0, 0, 640, 480);
    pen.lineWidth = 26; pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = "#202020";
    pen.beginPath(); pen.moveTo(220, 110); pen.lineTo(420, 110); pen.lineTo(290, 380); pen.stroke();
  }, 50);
  return sheet.captureStream(20);
};
"""


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_the_camera_opens_once_it_is_asked_for_and_its_photo_is_read(chromium, server, width, height):
    visit = Visit(chromium, server, viewport={"width": width, "height": height}, has_touch=width < 400, is_mobile=width < 400)
    visit.context.add_init_script(CAMERA)
    visit.open("draw", drawing="photo", run="starter")
    assert visit.page.evaluate("window.opened") == 0
    visit.page.locator(".st-key-photo-source").get_by_text("Camera").click()
    shutter = visit.page.locator("[data-testid=stCameraInputButton]").first
    visit.until("() => document.querySelector('.stCameraInput video')?.videoWidth > 0")
    box = visit.page.locator(".stCameraInput").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    shutter.click()
    visit.page.locator(".st-key-answer h2").get_by_text(re.compile(r"^7\s")).wait_for()
    visit.page.locator(".st-key-photo-source").get_by_text("File").click()
    visit.page.locator(".stCameraInput").wait_for(state="detached")
    visit.close()


@pytest.mark.parametrize("touch", [False, True])
def test_a_drawing_that_is_no_digit_is_kept_by_key_or_finger_and_taken_back(chromium, server, touch):
    size = {"width": 390, "height": 844} if touch else {"width": 1280, "height": 800}
    visit = Visit(chromium, server, viewport=size, has_touch=touch, is_mobile=touch)
    visit.open("draw", run="starter")
    draw(visit, [(0.3, 0.25), (0.7, 0.25), (0.45, 0.8)])
    visit.see("What is it really?")
    visit.settled()
    buttons = [visit.page.locator(f".st-key-is-{name} button:visible") for name in ("non-digit", "not-mine")]
    for button in buttons:
        box = button.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"] and box["height"] >= 24
    buttons[1].tap() if touch else buttons[1].press("Enter")
    visit.see("Kept as not yours.")
    visit.settled()
    visit.press("Take back the other person's drawing")
    visit.see("What is it really?")
    visit.close()
