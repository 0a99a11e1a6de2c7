import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from core.charts import pictures
from core.recipe.presets import preset
from tests.conftest import absent, cases
from tests.drawn import stroke
from tests.pages.reading import has_canvas, plots, text, texts
from tests.pages.states import SMALL, failed, finished, first_epoch, running

HINT = "Draw a digit, large or small, anywhere on the canvas. The answer comes while you draw."


def as_data_url(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


NUMBER_HINT = "Write a number, its digits side by side. The answer comes while you write."


def test_without_a_network_one_press_trains_one_on_the_data_at_hand(open_page, lab):
    page = open_page("Draw")
    assert "There is no network yet." in page.info[0].value
    page.button(key="train-quick").click().run()
    assert lab.studio.current().recipe == preset("quick", "digits")
    assert page.info[0].value == "quick-1 is training. You can draw as soon as its first epoch is done."


def test_the_canvas_comes_with_the_first_epoch(open_page, lab, trainer):
    first_epoch(lab, trainer)
    page = open_page("Draw")
    assert "mine-1 is training" in page.info[0].value and not has_canvas(page)


def test_an_empty_canvas_asks_for_a_digit(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Draw")
    assert has_canvas(page)
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


def test_undo_takes_back_the_stroke_that_came_with_the_press(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    asked = draw_on_canvas(stroke(), num_strokes=2)
    page = open_page("Draw")
    strokes = [{"stroke": n} for n in range(3)]
    page.session_state["canvas-336-light"] = {"drawing": {"raw": {"objects": strokes}, "data": as_data_url(stroke())}}
    page.button(key="undo").click().run()
    assert asked[-1]["initial_drawing"]["objects"] == strokes[:2]
    page.button(key="redo").click().run()
    assert asked[-1]["initial_drawing"]["objects"] == strokes


def test_clear_gives_a_fresh_canvas(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    asked = draw_on_canvas(stroke())
    page = open_page("Draw")
    page.button(key="clear").click().run()
    assert asked[-1]["initial_drawing"] == {"objects": [], "turn": 1} and [info.value for info in page.info] == [HINT]
    page.button(key="undo").click().run()
    assert asked[-1]["initial_drawing"]["objects"] == [{"stroke": 0}] and "## " in text(page)


def test_undo_gives_the_canvas_all_strokes_but_the_last(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    asked = draw_on_canvas(stroke(), num_strokes=3)
    page = open_page("Draw")
    assert asked[-1]["initial_drawing"] is None
    page.button(key="undo").click().run()
    first = asked[-1]["initial_drawing"]
    assert first["objects"] == [{"stroke": 0}, {"stroke": 1}] and asked[-1]["key"] == asked[0]["key"]
    page.button(key="undo").click().run()
    assert asked[-1]["initial_drawing"] != first, "the canvas draws anew only what has changed"
    for strokes in (2, 3):
        page.button(key="redo").click().run()
        assert len(asked[-1]["initial_drawing"]["objects"]) == strokes
    assert page.button(key="redo").disabled


def test_the_eraser_is_a_pen_in_the_colour_of_the_paper(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    asked = draw_on_canvas(stroke())
    page = open_page("Draw")
    assert asked[-1]["stroke_color"] != asked[-1]["background_color"]
    page.segmented_control(key="tool").set_value("eraser").run()
    assert asked[-1]["stroke_color"] == asked[-1]["background_color"] and asked[-1]["key"] == asked[0]["key"]
    assert asked[-1]["initial_drawing"] == {"objects": [{"stroke": 0}], "turn": 0}


def test_what_is_drawn_so_far_is_answered_until_the_canvas_sends_the_stroke(open_page, lab, trainer, draw_on_canvas, monkeypatch):
    finished(lab, trainer)
    draw_on_canvas(None, num_strokes=0)
    so_far = [stroke()]
    monkeypatch.setattr("ui.canvas.canvas.drawn_so_far", lambda *_: so_far.pop() if so_far else None)
    page = open_page("Draw")
    assert "## " in text(page) and plots(page)
    draw_on_canvas(np.full((336, 336, 4), (248, 248, 250, 255), np.uint8))
    assert [info.value for info in page.run().info] == [HINT]


def test_the_answer_is_said_to_a_screen_reader(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    draw_on_canvas(stroke())
    said = [each.proto.json for each in open_page("Draw").get("bidi_component") if each.proto.component_name == "digitlab.answer"]
    assert len(said) == 1 and "% certain" in said[0]


def test_a_canvas_that_is_set_up_anew_while_its_brush_changes_begins_with_its_strokes(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    asked = draw_on_canvas(stroke(), num_strokes=2)
    page = open_page("Draw")
    for width in (30, 31):
        page.slider(key="brush").set_value(width).run()
        assert asked[-1]["stroke_width"] == 2 * width and asked[-1]["key"] == asked[0]["key"]
        assert asked[-1]["initial_drawing"] == {"objects": [{"stroke": 0}, {"stroke": 1}], "turn": 0}


def test_what_was_drawn_is_there_again_after_another_mode(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    asked = draw_on_canvas(stroke(), num_strokes=2)
    page = open_page("Draw")
    answer, strokes = text(page).split("## ")[1][:10], [{"stroke": 0}, {"stroke": 1}]
    page.segmented_control(key="drawing").set_value("number").run()
    assert asked[-1]["initial_drawing"] is None
    page.button(key="clear").click().run()  # on this one alone
    draw_on_canvas(None, num_strokes=2)  # it does not send what it begins with
    page.segmented_control(key="drawing").set_value("digit").run()
    assert asked[-1]["initial_drawing"]["objects"] == strokes and f"## {answer}" in text(page)
    first = asked[-1]["initial_drawing"]
    page.run()
    assert asked[-1]["initial_drawing"] == first, "set up once"


def test_there_is_nothing_to_undo_on_an_empty_canvas(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    draw_on_canvas(None, num_strokes=0)
    assert open_page("Draw").button(key="undo").disabled


def test_two_digits_in_the_field_for_one_are_told_and_one_press_reads_them_as_a_number(
    trained_starter, open_page, draw_on_canvas
):
    asked = draw_on_canvas(stroke(places=(90, 230)))
    page = open_page("Draw")
    assert "## Two digits?" in text(page) and "As a number it reads **11**." in text(page)
    assert not any(key.startswith("is-") for key in (button.key for button in page.button)), "nothing to be kept as one digit"
    page.button(key="read-number").click().run()
    assert not page.exception and page.query_params["drawing"] == "number"
    assert asked[-1]["width"] == 1344 and len(asked[-1]["initial_drawing"]["objects"]) == 1
    assert "## 11 \N{EN SPACE}" in text(page)


def test_what_is_one_digit_after_all_is_answered_as_one(trained_starter, open_page, draw_on_canvas):
    draw_on_canvas(stroke(places=(90, 230)))
    page = open_page("Draw")
    page.button(key="read-one").click().run()
    assert re.search(r"^## (\d \N{EN SPACE}\d+\.\d%|Not a digit, I think)$", text(page), re.MULTILINE)
    assert "Two digits?" not in text(page)


def test_a_number_is_read_as_one_on_a_wide_canvas(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    asked = draw_on_canvas(stroke(672, places=(100, 300, 500)))
    page = open_page("Draw", drawing="number")
    assert (asked[-1]["width"], asked[-1]["height"]) == (1344, 672)
    assert re.search(r"^## (\d)\1\1 \N{EN SPACE}\d+\.\d%$", text(page), re.MULTILINE)
    assert re.search(r"Chance that all 3 digits are right. Least certain: the 1st, \d with \d+\.\d%", text(page))
    alts = [image.proto.imgs[0].alt for image in page.get("image")]
    assert alts[0].startswith("What was written, with a frame around each digit: ") and alts[1].startswith("3 pictures")


def test_the_choice_of_a_number_stays_and_is_in_the_address(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    asked = draw_on_canvas(None, num_strokes=0)
    page = open_page("Draw")
    page.segmented_control(key="drawing").set_value("number").run()
    assert asked[-1]["width"] == 1344 and page.query_params["drawing"] == "number"
    open_page("Lab", visit=page)
    assert [info.value for info in open_page("Draw", visit=page).info] == [NUMBER_HINT]


def test_one_digit_of_a_number_is_looked_at_closer(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer)
    draw_on_canvas(stroke(672, places=(100, 300, 500)))
    page = open_page("Draw", drawing="number")
    place = page.segmented_control(key="draw-digit-place")
    assert [option.split(":")[0] for option in place.options] == ["1st", "2nd", "3rd"]
    place.set_value(2).run()
    assert page.segmented_control(
        key="draw-digit-place"
    ).value == 2 and "Ten bars: how sure the network is of each digit" in plots(page)
    assert "**What is the 3rd digit really?** Press the digit to keep this drawing." in texts(page)
    draw_on_canvas(stroke(672, places=(100, 300)))
    assert page.run().segmented_control(key="draw-digit-place").value in (0, 1), "what was chosen is no longer there"


@pytest.mark.parametrize("left_behind", ["0123456789ab", None, 7, -1, 1.5])
def test_a_place_that_is_no_place_of_this_number_is_the_least_certain_digits(
    open_page, lab, trainer, draw_on_canvas, left_behind
):
    """Runs keeps a run's handle under the key "closer", which once was Draw's as well."""
    finished(lab, trainer)
    draw_on_canvas(stroke(672, places=(100, 300)))
    page = open_page("Lab")
    for key in ("closer", "draw-digit-place"):
        page.session_state[key] = left_behind
    page = open_page("Draw", visit=page, drawing="number")
    assert page.segmented_control(key="draw-digit-place").value in (0, 1)


def test_a_photo_is_read_as_a_number_and_a_damaged_one_is_a_sentence(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Draw", drawing="photo")
    assert [info.value for info in page.info] == ["Write a digit or a number on paper, and take a photo that it fills."]
    file = pictures.png(stroke(672, places=(100, 300)))
    page.file_uploader(key="photo").set_value(("two.png", file, "image/png")).run()
    assert re.search(r"^## (\d)\1 \N{EN SPACE}\d+\.\d%$", text(page), re.MULTILINE)
    page.file_uploader(key="photo").set_value(("two.png", file[:-40], "image/png")).run()
    assert [error.value for error in page.error] == [
        "The file is no picture that can be read, or it is damaged. Send a JPEG or PNG file."
    ]


@pytest.mark.parametrize("mode", ["digit", "number"])
@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.full((336, 672, 4), (26, 28, 35, 255), np.uint8), "The answer comes while you"),  # all ink is all paper
        (np.pad(np.full((1, 1, 4), 255, np.uint8), ((50, 285), (50, 285), (0, 0))), "##"),
        (np.random.default_rng(0).integers(0, 256, (336, 672, 4), np.uint8), "##"),
        (np.zeros((9, 9, 2), np.uint8), "expected height x width"),
        (np.broadcast_to(np.uint8(0), (5000, 5000, 4)), "make it smaller"),
    ],
)
def test_odd_canvases_are_answered_or_explained_in_words(open_page, lab, trainer, draw_on_canvas, mode, image, words):
    finished(lab, trainer)
    draw_on_canvas(image)
    page = open_page("Draw", drawing=mode)
    said = text(page) + "".join(error.value for error in page.error)
    assert words in said and "Traceback" not in said


def test_weights_that_are_gone_are_one_sentence(open_page, lab, trainer, draw_on_canvas):
    run = finished(lab, trainer)
    (lab.store.runs.folder(run.run_id) / "epoch-003.npz").unlink()
    draw_on_canvas(stroke())
    (error,) = open_page("Draw").error
    assert error.value == "The weights epoch-003.npz of this run are gone. Choose another epoch or run."


def test_only_networks_that_can_answer_are_offered(open_page, lab, trainer):
    finished(lab, trainer, SMALL.changed(epochs=1))
    failed(lab, trainer)
    options = open_page("Draw").selectbox(key="run").options
    assert any("mine-1" in option for option in options)
    assert not any("mine-2" in option for option in options)


def test_the_camera_is_not_there_until_it_is_asked_for_and_where_it_cannot_be_a_sentence_says_why(
    open_page, lab, trainer, monkeypatch
):
    finished(lab, trainer)
    page = open_page("Draw", drawing="photo")
    assert not page.get("camera_input") and page.get("file_uploader")
    page.segmented_control(key="photo-source").set_value("Camera").run()
    assert len(page.get("camera_input")) == 1 and any("The browser asks once" in line for line in texts(page))
    monkeypatch.setattr("ui.draw.camera.may_have_a_camera", lambda url: False)
    page.run()
    assert not page.get("camera_input") and "only to a page that was opened by https" in page.info[0].value


def test_the_lines_of_a_photo_are_read_one_under_the_other(trained_starter, open_page):
    path = cases() / "lines-0.jpg"
    if not path.exists():
        absent("needs photos of digits: let DIGITLAB_CASES name their folder")
    page = open_page("Draw", drawing="photo")
    page.toggle(key="always-answer").set_value(True).run()
    page.file_uploader(key="photo").set_value(("lines.jpg", path.read_bytes(), "image/jpeg")).run()
    assert not page.exception
    assert re.search(r"^## 38284\n+## 39893 \N{EN SPACE}\d+\.\d%$", text(page), re.MULTILINE)
