"""What is on a canvas, by itself: the canvas answers late, and sends several strokes at once or the same ones again."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from ui.canvas.history import CanvasState
from ui.canvas.pen import decoded

IMAGE = np.zeros((4, 4, 4), np.uint8)


def strokes(*names):
    return [{"path": [["M", 1, name]]} for name in names]


def drawn(*names, rounding=0.0):
    return {"objects": [{**each, "left": rounding} for each in strokes(*names)], "rounding": rounding}


def on(state):
    return [each["path"][0][2] for each in state.strokes]


@pytest.fixture
def state():
    """Three strokes, the last two of which came at once."""
    state = CanvasState()
    state.take(drawn(1), IMAGE)
    state.take(drawn(1, 2, 3), IMAGE)
    return state


def test_each_stroke_is_a_step_though_two_come_at_once(state):
    for left in ([1, 2], [1], []):
        state.undo()
        assert on(state) == left
    state.undo()
    assert on(state) == [] and state.image is None
    for there in ([1], [1, 2], [1, 2, 3]):
        state.redo()
        assert on(state) == there


def test_undo_twice_before_the_canvas_has_answered_goes_back_by_two(state):
    state.undo()
    state.undo()
    state.take(drawn(1, 2, rounding=0.1), IMAGE)  # the answer to the first
    assert on(state) == [1]
    state.take(drawn(1, rounding=0.1), IMAGE)
    state.redo()
    state.redo()
    assert on(state) == [1, 2, 3]


def test_a_new_stroke_ends_what_can_be_redone(state):
    state.undo()
    state.take(drawn(1, 2, rounding=0.1), IMAGE)
    assert state.future
    state.take(drawn(1, 2, 4), IMAGE)
    assert not state.future and on(state) == [1, 2, 4]
    state.undo()
    assert on(state) == [1, 2]


def test_a_canvas_that_loads_its_strokes_again_has_taken_no_step(state):
    past = list(state.past)
    state.hold()
    state.begin_again()
    state.take(drawn(1, 2, 3, rounding=0.2), IMAGE)
    assert state.past == past


def test_clearing_is_a_step_and_resetting_none(state):
    state.step([])
    assert on(state) == [] and state.initial["objects"] == []
    state.undo()
    assert on(state) == [1, 2, 3]
    state.reset()
    assert on(state) == [] and not state.past and not state.future


def test_what_is_taken_over_from_another_canvas_is_seen_at_once_and_can_be_undone(state):
    wide = np.ones((4, 8, 4), np.uint8)
    state.take_over(strokes(7), wide)
    assert on(state) == [7] and state.image is wide and state.initial["objects"] == strokes(7)
    state.take_live(IMAGE)
    assert state.image is IMAGE, "the next stroke is followed"
    state.undo()
    assert on(state) == [1, 2, 3]


def test_each_step_tells_the_canvas_something_new(state):
    seen = []
    for step in (state.undo, state.redo, state.undo):
        step()
        seen.append(state.initial)
    assert seen[0] != seen[2] and seen[0]["objects"] == seen[2]["objects"]


def test_a_picture_in_mid_stroke_counts_until_the_stroke_is_there():
    state, live = CanvasState(), IMAGE + 1
    state.take_live(live)
    assert state.image is live
    state.take(drawn(1), IMAGE)
    assert state.image is IMAGE


def test_a_picture_that_comes_after_the_canvas_was_cleaned_is_left(state):
    state.step([])
    state.take_live(IMAGE)
    assert state.image is None
    state.take(drawn(), IMAGE)
    state.take_live(IMAGE)
    assert state.image is IMAGE


def url(size, kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, kind)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def test_a_picture_from_the_browser_is_taken_or_left():
    assert decoded(url((8, 4)), (8, 4)).shape == (4, 8, 4)
    for wrong in (None, 7, "", "data:image/png;base64,////", url((8, 4))[:-40], url((4, 8)), url((8, 4), "GIF")):
        assert decoded(wrong, (8, 4)) is None
