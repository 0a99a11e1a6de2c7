import re
from types import SimpleNamespace

import numpy as np
import pytest

from core.recipe import preset
from tests.pages.reading import plots, text, texts
from tests.pages.states import SMALL, failed, finished, first_epoch, running

HINT = "Draw a digit, large or small, anywhere on the canvas. The answer comes after every stroke."


@pytest.fixture
def draw_on_canvas(open_page, monkeypatch):
    """Puts a picture on the canvas, which AppTest has no pen for. Gives the options of each canvas that was asked for."""
    open_page("Draw")  # the canvas can be imported on a page only
    asked = []

    def draw_on_canvas(image):
        monkeypatch.setattr("ui.canvas.st_canvas", lambda **options: asked.append(options) or SimpleNamespace(image_data=image))
        return asked

    return draw_on_canvas


def stroke():
    """A thick upright stroke in the ink of light mode, (336, 336, 4) uint8 as the canvas sends it."""
    image = np.full((336, 336, 4), (248, 248, 250, 255), np.uint8)
    image[80:260, 155:180] = (26, 28, 35, 255)
    return image


def test_without_a_network_one_press_trains_one_on_the_data_at_hand(open_page, lab):
    page = open_page("Draw")
    assert "There is no network to ask yet." in page.info[0].value
    page.button(key="train-quick").click().run()
    assert lab.studio.current().recipe == preset("quick", "digits")
    assert page.info[0].value == "quick-1 is learning. You can draw as soon as its first epoch is done."


def test_the_canvas_comes_with_the_first_epoch(open_page, lab, trainer):
    first_epoch(lab, trainer)
    page = open_page("Draw")
    assert "mine-1 is learning" in page.info[0].value and not page.get("bidi_component")


def test_an_empty_canvas_asks_for_a_digit(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Draw")
    assert page.get("bidi_component")
    assert [info.value for info in page.info] == [HINT]


@pytest.mark.parametrize("state", [finished, running])
def test_a_drawing_is_answered_by_the_weights_that_are_there(open_page, lab, trainer, draw_on_canvas, state):
    run = state(lab, trainer)
    draw_on_canvas(stroke())
    page = open_page("Draw")
    assert not page.info
    assert re.search(r"^## \d \N{EN SPACE}\d+\.\d%$", text(page), re.MULTILINE)
    assert plots(page) == ["Ten bars: how sure the network is of each digit"]
    assert any(line.startswith(f"mine-1, epoch {run.served_epoch.epoch}: 5") for line in texts(page))


def test_a_canvas_with_nothing_on_it_gets_no_answer(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    draw_on_canvas(np.full((336, 336, 4), (248, 248, 250, 255), np.uint8))
    page = open_page("Draw")
    assert [info.value for info in page.info] == [HINT]
    assert not plots(page)


def test_clear_gives_a_fresh_canvas(open_page, lab, trainer, draw_on_canvas):
    """The canvas empties only under a new key."""
    finished(lab, trainer)
    asked = draw_on_canvas(stroke())
    page = open_page("Draw")
    page.button(key="clear").click().run()
    assert asked[0]["key"] != asked[-1]["key"]


def test_weights_that_are_gone_are_one_sentence(open_page, lab, trainer, draw_on_canvas):
    run = finished(lab, trainer)
    (lab.store.run_folder(run.run_id) / "epoch-003.npz").unlink()
    draw_on_canvas(stroke())
    (error,) = open_page("Draw").error
    assert error.value == "The weights epoch-003.npz of this run are gone. Choose another epoch or run."


def test_only_networks_that_can_answer_are_offered(open_page, lab, trainer):
    finished(lab, trainer, SMALL.changed(epochs=1))
    failed(lab, trainer)
    options = open_page("Draw").selectbox(key="run").options
    assert any("mine-1" in option for option in options)
    assert not any("mine-2" in option for option in options)
