"""My hand with a real mouse, which is quicker than the canvas; whatever is kept is taken back, for the tests after these."""

import re

import pytest

from tests.browser.conftest import Visit

CLOCK = "document.querySelector('.st-key-quiz .stProgress')?.innerText ?? ''"


@pytest.fixture
def drawing(chromium, server, trained):
    visit = Visit(chromium, server)
    visit.open("draw", run="starter")  # which reads a seven, whatever the tests before have trained
    yield visit
    visit.close()


def stroke(visit, *places):
    """Draws one stroke on the canvas, once it lies still: a new one may be about to take its place, and the page to scroll."""
    visit.settled()
    canvas = visit.page.locator("canvas").last
    canvas.hover()
    visit.settled()
    box = canvas.bounding_box()
    scale = box["width"] / 336
    (x, y), *others = [(box["x"] + scale * x, box["y"] + scale * y) for x, y in places]
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    for x, y in others:
        visit.page.mouse.move(x, y, steps=8)
    visit.page.mouse.up()


def test_a_stroke_is_kept_though_the_press_came_before_the_canvas_sent_it(drawing):
    stroke(drawing, (100, 80), (230, 80), (170, 170), (140, 270))
    seven = drawing.page.locator(".st-key-is-7 button")
    seven.wait_for()
    drawing.settled()
    seven.evaluate("button => addEventListener('mouseup', () => button.click(), {once: true})")
    stroke(drawing, (120, 180), (220, 180))
    drawing.see("Kept as a 7.")
    drawing.see("of 1 read right")
    drawing.settled()
    sheet = drawing.page.locator(".st-key-board-336 canvas.lower-canvas").last
    pixel = "sheet => sheet.getContext('2d').getImageData(2 * 165, 2 * 80, 1, 1).data[0]"
    assert sheet.evaluate(pixel) > 128, "the canvas is clean"
    drawing.press("Take back the 7")
    drawing.page.get_by_text("Your hand:").wait_for(state="detached")
    drawing.see("What is it really?")
    drawing.until("sheet => sheet.getContext('2d').getImageData(2 * 165, 2 * 80, 1, 1).data[0] < 128", sheet.element_handle())
    drawing.page.keyboard.press("Control+z")
    drawing.until("sheet => sheet.getContext('2d').getImageData(2 * 165, 2 * 80, 1, 1).data[0] > 128", sheet.element_handle())


def test_a_drawing_is_still_there_after_another_page_and_another_mode(drawing):
    answer, read = drawing.page.locator(".st-key-answer h2"), re.compile(r"^7")
    with drawing.socket.expect_event("framesent", lambda sent: sent.count(b'"path":[[') == 1):
        stroke(drawing, (100, 80), (230, 80), (170, 170), (140, 270))
    answer.get_by_text(read).wait_for()  # how sure, is another figure for a part of the stroke
    drawing.settled()
    drawing.go("Runs")
    drawing.go("Draw")
    answer.get_by_text(read).wait_for()
    drawing.page.locator(".st-key-drawing").get_by_text("A number").click()
    drawing.see("Write a number, its digits side by side.")
    drawing.page.locator(".st-key-drawing").get_by_text("One digit").click()
    answer.get_by_text(read).wait_for()
    drawing.settled()
    sheet = drawing.page.locator(".st-key-board-336 canvas.lower-canvas").last.element_handle()
    drawing.until("sheet => sheet.getContext('2d').getImageData(320, 160, 1, 1).data[0] < 128", sheet)
    drawing.page.locator(".st-key-clear button").click()
    drawing.see("The answer comes while you draw.")
    drawing.go("Runs")
    drawing.go("Draw")
    drawing.see("The answer comes while you draw.")


def test_the_clock_of_a_test_moves_and_the_canvas_stays_as_it_is(drawing):
    drawing.page.locator(".st-key-quiz-start button:visible").click()
    drawing.until(f"() => / from your first stroke on, digit 1 of 30/.test({CLOCK})")
    drawing.settled()  # the test has a canvas of its own, which is set up after the clock
    stroke(drawing, (170, 60), (170, 280))
    next_button = drawing.page.locator(".st-key-quiz-next button:enabled")
    next_button.wait_for()
    canvas = drawing.page.locator("canvas").last.element_handle()
    place, before = canvas.bounding_box(), drawing.page.evaluate(f"() => {CLOCK}")
    drawing.until(f"before => ({CLOCK}) !== before", before)
    assert canvas.bounding_box() == place and canvas.evaluate("canvas => canvas.isConnected")
    next_button.click()
    drawing.until(f"() => / left, digit 2 of 30/.test({CLOCK})")
    drawing.page.locator(".st-key-quiz-next button:disabled").wait_for()
    drawing.press("Stop")
    drawing.see("The test is over: 1 of 30 drawn")
    drawing.page.get_by_role("button", name=re.compile("^undo Take back the|^Take back the")).click()
    drawing.page.get_by_text("Your hand:").wait_for(state="detached")
