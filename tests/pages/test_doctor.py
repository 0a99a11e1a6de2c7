import numpy as np
import pytest

from tests.pages.reading import plots, text
from tests.pages.states import finished, running
from tests.pages.test_draw import draw_on_canvas, stroke  # noqa: F401

ALWAYS = ["What does refusing cost?", "My drawings", "Learn from me"]


@pytest.fixture
def opened(open_page, lab, trainer, draw_on_canvas):  # noqa: F811
    """Opens Draw with a stroke on the canvas and one of the blocks below it open; AppTest opens no expander by a press."""

    def opened(block, *, state=finished):
        state(lab, trainer)
        draw_on_canvas(stroke())
        page = open_page("Draw")
        page.session_state[block] = True
        return page.run()

    return opened


def test_closed_blocks_ask_the_network_nothing(open_page, lab, trainer, draw_on_canvas, monkeypatch):  # noqa: F811
    finished(lab, trainer)
    draw_on_canvas(stroke())
    asked = []
    whole = lab.predictor.probabilities
    monkeypatch.setattr(
        type(lab.predictor),
        "probabilities",
        lambda self, run, images, **more: asked.append(len(images)) or whole(run, images, **more),
    )
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
    asked = []
    whole = lab.predictor.probabilities
    monkeypatch.setattr(
        type(lab.predictor),
        "probabilities",
        lambda self, run, images, **more: asked.append(len(images)) or whole(run, images, **more),
    )
    page.run()
    assert asked == [1]


def test_the_river_runs_over_the_epochs_that_are_there(opened):
    (alt,) = [alt for alt in plots(opened("river")) if alt.startswith("Ten bands")]
    assert "from epoch 1 to the last" in alt


def test_one_epoch_has_no_river(opened):
    assert [block.label for block in opened("river", state=running).expander if block.label == "Over the epochs"] == []


def test_a_blank_canvas_has_no_blocks_about_a_drawing(open_page, lab, trainer, draw_on_canvas):  # noqa: F811
    finished(lab, trainer)
    draw_on_canvas(np.full((336, 336, 4), (248, 248, 250, 255), np.uint8))
    assert [block.label for block in open_page("Draw").expander] == ALWAYS
