"""Real pen strokes, replayed with the mouse on the canvas, and read by the starter network."""

import gzip
import json
import os
import re
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError

from tests.conftest import absent

LAST_ANSWER_MS = 20_000
SIZE_PX, EVERY = 0.2, 3  # canvas px to one of a sample's thousand; of a stroke's points, so many are one move of the mouse
SEEN = ".stMain img[alt='The drawing as 28 by 28 pixels']"


@pytest.fixture(scope="module")
def pen_digits():
    """The first sample of each digit."""
    path = os.environ.get("DIGITLAB_PEN")
    if not path:
        absent("needs pen strokes: let DIGITLAB_PEN name a file of them")
    found = {}
    with gzip.open(path, "rt") as lines:
        for line in lines:
            sample = json.loads(line)
            found.setdefault(sample["label"], sample["strokes"])
            if len(found) == 10:
                return found


def write(visit, strokes):
    """With the mouse, at two thirds of the canvas; each stroke once the network has seen the one before."""
    canvas, mouse = visit.page.locator(".st-key-board-336 canvas").last, visit.page.mouse
    for stroke in strokes:
        box = canvas.bounding_box()
        scale = box["width"] / 336
        (x, y), *others = [(scale * (60 + x * SIZE_PX), scale * (60 + y * SIZE_PX)) for x, y in stroke]
        seen = visit.page.locator(SEEN).first.get_attribute("src") if visit.page.locator(SEEN).count() else None
        canvas.hover(position={"x": x, "y": y})  # once it lies still: what is below it comes and goes
        box = canvas.bounding_box()
        mouse.down()
        for x, y in [*others[::EVERY], *others[-1:]]:
            mouse.move(box["x"] + x, box["y"] + y)
        mouse.up()
        visit.until("(image, seen) => document.querySelector(image)?.getAttribute('src') !== seen", SEEN, seen)
        visit.settled()


def test_real_strokes_are_read_on_the_page(visit, pen_digits):
    visit.open("draw", run="starter")
    visit.page.get_by_text("Always answer").click()
    read = {}
    for digit, strokes in sorted(pen_digits.items()):
        write(visit, strokes)
        with suppress(TimeoutError):  # of half a stroke there may be another answer first; one of the ten may stay wrong
            visit.page.locator(".st-key-answer h2", has_text=re.compile(rf"^\s*{digit}\b")).wait_for(timeout=LAST_ANSWER_MS)
        read[digit] = visit.page.locator(".st-key-answer h2").inner_text()
        visit.page.locator(".st-key-clear button").click()
        visit.see("Draw a digit, large or small")
        visit.settled()
    assert sum(text.startswith(str(digit)) for digit, text in read.items()) >= 9, read
