"""The mistakes by mouse: a press on the edge of a line chooses its image, with the training images most like it."""

import re

FRAME = "[class*=st-key-mistakes-] .dvn-scroller"  # what takes the presses, over the canvas
HEAD_PX, LINE_PX = 36, 44


def test_a_chosen_line_shows_its_nearest_training_images(visit, trained):
    visit.open("evaluate", view="mistakes")
    visit.see("Tick a line above")
    frame = visit.page.locator(FRAME).first
    frame.wait_for()
    frame.click(position={"x": 12, "y": HEAD_PX + LINE_PX // 2})
    visit.see(re.compile(r"\d of the 10 nearest show an? \d"))
    visit.page.get_by_alt_text("The nearest training images").wait_for()
