import threading
import time

import numpy as np
import pytest

from core.errors import RunMissing
from tests.drawn import stroke
from tests.fakes import SOON_S
from tests.pages.reading import passes, plots, text
from tests.pages.states import finished, running

ALWAYS = ["When is a drawing rejected?", "My drawings", "Learn from me"]


@pytest.fixture
def opened(open_page, lab, trainer, draw_on_canvas):
    """Opens Draw with a stroke on the canvas and one of the blocks below it open; AppTest opens no expander by a press."""

    def opened(block, *, state=finished):
        state(lab, trainer)
        draw_on_canvas(stroke())
        page = open_page("Draw")
        page.session_state[block] = True
        return page.run()

    return opened


def test_closed_blocks_ask_the_network_nothing(open_page, lab, trainer, draw_on_canvas, monkeypatch):
    finished(lab, trainer)
    draw_on_canvas(stroke())
    asked = passes(lab, monkeypatch)
    page = open_page("Draw")
    assert asked == [1] and [block.label for block in page.expander] == ["Why?", "Over the epochs", *ALWAYS]


def test_why_shows_the_stages_and_three_maps(opened):
    page = opened("why")
    assert all(stage in text(page) for stage in ("Raw", "Cropped", "Centred", "Even strokes"))
    maps = [alt for alt in plots(page) if "changed drawings are still read as" in alt]
    assert [alt.split(":")[0] for alt in maps] == ["Shifted", "Turned and scaled", "Thinner and thicker"]
    assert "alters it" in text(page) or ", and it is a" in text(page)


def test_the_same_drawing_is_asked_about_once(opened, lab, monkeypatch):
    page = opened("why")
    asked = passes(lab, monkeypatch)
    page.run()
    assert asked == [1]


def shown_history(page):
    """What the chart over the epochs says of itself, once it is there."""
    deadline = time.monotonic() + SOON_S
    while not (alts := [alt for alt in plots(page) if alt.startswith("Ten bands")]) and time.monotonic() < deadline:
        page.run()  # as the waiting line does
    return alts


def test_the_history_runs_over_the_epochs_that_are_there(opened):
    (alt,) = shown_history(opened("epoch-history"))
    assert "from epoch 1 to the last" in alt


class HeldEpochs:
    """Stands in for a predictor: answers for the first epoch, and for the next ones once it is let."""

    def __init__(self):
        self.reached, self.allowed, self.asked = threading.Event(), threading.Event(), []

    def probabilities(self, run, images, *, epoch):
        self.asked.append((images.tobytes(), epoch))
        self.reached.set()
        assert epoch == 1 or self.allowed.wait(SOON_S)
        return np.full((1, 10), 0.1, np.float32)


def test_the_page_does_not_wait_for_a_history_and_another_drawing_cancels_it(opened, lab, draw_on_canvas):
    lab.__dict__["history_predictor"] = held = HeldEpochs()
    page = opened("epoch-history")
    assert held.reached.wait(SOON_S) and not page.exception
    assert any("Asking each epoch" in bar.proto.text for bar in page.get("progress"))
    former = page.session_state["epoch-history-asked"]
    draw_on_canvas(stroke(places=(60, 72)))
    page.run()
    assert lab.histories.look(former) is None
    held.allowed.set()
    assert shown_history(page)
    assert {epoch for image, epoch in held.asked if image == former[2]} <= {1, 2}, "it was cancelled at its next epoch"


def test_a_cleared_canvas_cancels_the_history_of_what_was_on_it(opened, lab, draw_on_canvas):
    lab.__dict__["history_predictor"] = held = HeldEpochs()
    page = opened("epoch-history")
    assert held.reached.wait(SOON_S)
    former = page.session_state["epoch-history-asked"]
    draw_on_canvas(np.full((336, 336, 4), (248, 248, 250, 255), np.uint8))
    page.run()
    held.allowed.set()
    assert lab.histories.look(former) is None


def test_a_history_without_weights_is_one_sentence(opened, lab, monkeypatch):
    def gone(self, run, images, *, epoch):
        raise RunMissing("They are gone.")

    monkeypatch.setattr(type(lab.history_predictor), "probabilities", gone)
    page = opened("epoch-history")
    deadline = time.monotonic() + SOON_S
    while not page.error and time.monotonic() < deadline:
        page.run()
    assert page.error[0].value == "The weights of all epochs of mine-1 are gone. Choose another run."


def test_one_epoch_has_no_history(opened):
    assert [block.label for block in opened("epoch-history", state=running).expander if block.label == "Over the epochs"] == []


def test_a_blank_canvas_has_no_blocks_about_a_drawing(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    draw_on_canvas(np.full((336, 336, 4), (248, 248, 250, 255), np.uint8))
    assert [block.label for block in open_page("Draw").expander] == ALWAYS
