"""My hand on the pages: told digits, the quiz, the gallery and its files, the score, and learning from it for real."""

import re
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from core.datasets import kaggle_csv
from core.drawing.labelled import NOT_A_DIGIT, NOT_MINE
from core.drawing.preprocessing import read_digit
from core.drawing.quiz import QUIZ_S
from core.metrics import wilson
from core.network import model
from core.runs.paths import weights_path
from core.training.fine_tuning import Effect
from tests.fakes import SOON_S, until
from tests.pages.conftest import ME
from tests.pages.reading import passes, text, texts
from tests.pages.states import SMALL, finished, running

PAPER, INK = (248, 248, 250, 255), (26, 28, 35, 255)


def pattern(number):
    """Squares of ink, others for each number, (336, 336, 4) uint8 as the canvas sends it."""
    inked = np.random.default_rng(number).random((6, 6)) < 0.5
    return np.where(np.kron(inked, np.ones((56, 56), bool))[..., None], INK, PAPER).astype(np.uint8)


@pytest.fixture
def canvas(lab, trainer, pen):
    """What lies on the canvas of a page with a network: set `image_data` to draw."""
    finished(lab, trainer)
    return pen


@pytest.fixture
def pen(open_page, monkeypatch):
    """What lies on the canvas, with a network or without: set `image_data` to draw."""
    open_page("Draw")  # the canvas can be imported on a page only
    monkeypatch.setattr("ui.draw.hand.saving._PEN_S", 0)
    drawn = Drawn(pattern(0))
    monkeypatch.setattr("ui.canvas.canvas.st_canvas", lambda **_: drawn)
    return drawn


class Drawn:
    """What the canvas sends: another picture is another stroke. Of its pixels two are one of ours."""

    def __init__(self, image):
        self.strokes, self.image_data = 0, image

    @property
    def image_data(self):
        return self._image

    @image_data.setter
    def image_data(self, image):
        self._image, self.strokes = image, self.strokes + 1
        stroke = {"type": "path", "path": [["M", 2.46912, 4 * self.strokes]], "strokeWidth": 44}
        self.json_data = {"objects": [] if image is None else [stroke]}


@pytest.fixture
def opened(open_page):
    """Opens Draw with a block open: AppTest opens no expander by a press."""

    def opened(block):
        page = open_page("Draw")
        page.session_state[block] = True
        return page.run()

    return opened


@pytest.fixture
def drawings(lab):
    """Thirty labelled drawings, each digit thrice."""
    images = np.zeros((30, 28, 28), np.uint8)
    for number, image in enumerate(images):
        image[4:20, 4 + number // 2] = 128 + number
    lab.store.drawings.add_many(images, np.arange(30) % 10, **ME)
    return lab.store.drawings


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception and not page.error
    return page


def test_one_press_keeps_the_drawing_and_the_canvas_is_clean_until_it_is_taken_back(open_page, lab, canvas):
    page = open_page("Draw")
    assert "Your hand" not in text(page)
    press(page, "is-7")
    (kept,) = lab.store.drawings.all(**ME)
    assert (kept.digit, kept.run_id) == (7, lab.studio.newest().run_id) and kept.picture.startswith(b"\x89PNG")
    assert ":material/check: **Kept as a 7. The canvas is clean for the next one.**" in texts(page)
    assert "is-7" not in {button.key for button in page.button} and page.button(key="clear").disabled
    deadline = time.monotonic() + SOON_S
    while "Your hand: 1 drawing, **" not in text(page) and time.monotonic() < deadline:
        page.run()
    press(page, "take-back-draw")
    assert not lab.store.drawings.all(**ME) and "**What is it really?** Press the digit to keep this drawing." in texts(page)
    assert "Kept as" not in text(page)


def test_the_strokes_are_kept_in_pixels_of_ours(open_page, lab, canvas):
    press(open_page("Draw"), "is-7")
    (kept,) = lab.store.drawings.all(**ME)
    assert lab.store.drawings.delete(kept.drawing_id)["strokes"] == '[{"width_px":22.0,"path":[["M",1.2,2.0]]}]'


def test_undo_brings_back_the_ink_of_a_kept_drawing_whose_label_can_then_be_corrected(open_page, lab, canvas):
    page = press(open_page("Draw"), "is-7")
    press(page, "undo")
    assert "**Kept as a 7.** Press another digit to correct it." in texts(page)
    press(page, "is-8")
    assert lab.store.drawings.hand(**ME).digits.tolist() == [8]
    assert page.button(key="take-back-draw").label == "Call the 8 a 7 again"
    press(page, "take-back-draw")
    assert lab.store.drawings.hand(**ME).digits.tolist() == [7] and page.button(key="take-back-draw").label == "Take back the 7"


def test_what_was_drawn_meanwhile_stays_when_a_drawing_is_taken_back(open_page, lab, canvas):
    page = press(open_page("Draw"), "is-7")
    canvas.image_data = pattern(1)
    page.run()
    press(page, "take-back-draw")
    press(page, "is-3")
    assert lab.store.drawings.label_of(read_digit(pattern(1)).image, **ME) == 3 and len(lab.store.drawings.all(**ME)) == 1


def test_ten_drawings_in_a_row_are_ten_images(open_page, lab, canvas):
    page = open_page("Draw")
    for number in range(10):
        canvas.image_data = pattern(number)
        press(page.run(), f"is-{number}")
    hand = lab.store.drawings.hand(**ME)
    assert hand.digits.tolist() == list(range(10))
    assert all(lab.store.drawings.label_of(read_digit(pattern(number)).image, **ME) == number for number in range(10))


def test_a_digit_of_a_number_is_kept_and_the_canvas_keeps_the_number(open_page, lab, canvas):
    page = press(open_page("Draw", drawing="number"), "is-7")
    press(page, "is-8")
    assert "**Kept as an 8.** Press another digit to correct it." in texts(page)


def test_all_drawings_are_deleted_and_put_back_by_one_press_each(opened, lab, canvas, drawings):
    before = lab.store.drawings.hand(**ME)
    page = press(opened("gallery"), "drawings-delete")
    assert not drawings.all(**ME) and page.button(key="take-back-gallery").label == "Put 30 drawings back"
    press(page, "take-back-gallery")
    after = drawings.hand(**ME)
    assert sorted(zip(after.digests, after.digits, strict=True)) == sorted(zip(before.digests, before.digits, strict=True))


def says_its_epoch(run, epoch):
    """Keeps weights that read the digit `epoch` in whatever is drawn."""
    weights = model.build(run.recipe).get_weights()
    weights[-1] = 50 * np.eye(10, dtype=np.float32)[epoch]
    model.save_weights(weights, weights_path(run.folder, epoch))


@pytest.mark.parametrize("mode", ["digit", "number"])
def test_a_drawing_is_kept_with_the_answer_that_was_shown_though_an_epoch_ends_before_the_press(
    open_page, lab, trainer, pen, mode
):
    trainer.keep = says_its_epoch
    trainer.step_allowed.release(13)
    run = until(lab.studio, lab.studio.submit(SMALL), lambda run: run.step == 13)
    page = open_page("Draw", drawing=mode)
    assert "## 1" in text(page) and any(line.startswith("mine-1, epoch 1: ") for line in texts(page))
    trainer.step_allowed.release(10)
    until(lab.studio, run, lambda run: len(run.epochs) == 2 and run.step == 23)
    press(page, "is-7")
    (kept,) = lab.store.drawings.all(**ME)
    assert (kept.digit, kept.predicted) == (7, 1)
    press(page, "take-back-draw")
    assert "## 2" in text(page), "the next look is answered by the newest weights"
    pen.image_data = pattern(1)
    press(page.run(), "is-7")
    assert lab.store.drawings.all(**ME)[-1].predicted == 2, "another drawing has another answer"


def test_keeping_asks_the_network_nothing_more(open_page, lab, canvas, monkeypatch):
    page, asked = open_page("Draw"), passes(lab, monkeypatch)
    press(page, "is-7")
    assert asked == [1, 1], "one pass for each run of the page, the one of the press and the one that keeps"


def test_the_key_of_a_test_can_be_turned_off(open_page, canvas):
    page = press(open_page("Draw"), "quiz-start")
    assert page.button(key="quiz-next").proto.shortcut == "n"
    page.toggle(key="quiz-key").set_value(False).run()
    assert not page.button(key="quiz-next").proto.shortcut


def test_a_test_asks_for_digits_and_tells_the_result_with_its_interval(open_page, lab, canvas):
    page = press(open_page("Draw"), "quiz-start")
    press(page, "quiz-skip")
    for number in range(3):
        asked = page.session_state["quiz"].asked
        assert any(line.startswith("## Draw a") and line.endswith(f" {asked}") for line in texts(page))
        canvas.image_data = pattern(number)
        press(page.run(), "quiz-next")
        assert lab.store.drawings.all(**ME)[-1].digit == asked
    press(page, "quiz-stop")
    assert len(lab.store.drawings.all(**ME)) == 3
    result = next(line for line in texts(page) if line.startswith("**The test is over"))
    assert "3 of 30 drawn, 1 skipped, " in result and "read right: " in result
    press(page, "quiz-close")
    assert "The test is over" not in text(page)


@pytest.mark.parametrize("button", ["is-7", "quiz-next"])
def test_the_last_stroke_counts_though_it_comes_after_the_press(open_page, lab, canvas, monkeypatch, button):
    page = open_page("Draw")
    if button == "quiz-next":
        press(page, "quiz-start")
        canvas.image_data = pattern(0)
        page.run()
    monkeypatch.setattr("time.sleep", lambda seconds: setattr(canvas, "image_data", pattern(1)))
    press(page, button)
    monkeypatch.undo()
    assert lab.store.drawings.label_of(read_digit(pattern(1)).image, **ME) is not None and len(lab.store.drawings.all(**ME)) == 1


def test_the_test_ends_with_its_time_which_begins_with_the_first_stroke(open_page, canvas, monkeypatch):
    now = [time.time()]
    monkeypatch.setattr("ui.draw.hand.quiz.time", SimpleNamespace(time=lambda: now[0]))
    drawn, canvas.image_data = canvas.image_data, None
    page = press(open_page("Draw"), "quiz-start")
    now[0] += QUIZ_S + 1
    assert page.run().button(key="quiz-next").disabled
    canvas.image_data = drawn
    page.run()
    now[0] += QUIZ_S + 1
    page.run()
    assert "**The test is over: 0 of 30 drawn, nothing to score.**" in texts(page)


def test_the_gallery_shows_what_is_read_wrong_and_deletes_with_undo(opened, lab, canvas, drawings):
    page = opened("gallery")
    assert len([each for each in page.button if str(each.key).startswith("delete-")]) == 24
    press(page, "hand-next")
    assert len([each for each in page.button if str(each.key).startswith("delete-")]) == 6
    page.pills(key="hand-show").set_value("7").run()
    press(page, "delete-8")
    assert 8 not in [each.drawing_id for each in drawings.all(**ME)]
    assert any(line.startswith("Your hand: 29 drawings, **") for line in texts(page))
    press(page, "take-back-gallery")
    assert len(drawings.all(**ME)) == 30
    page.pills(key="hand-show").set_value("wrong").run()
    captions = [line for line in texts(page) if re.fullmatch(r"\*\*\d\*\*(, read as \*\*\d\*\*)?", line)]
    assert captions and all("read as" in line for line in captions)
    page.session_state["person"] = "Ada"
    assert "No drawings yet." in text(page.run()) and "Your hand" not in text(page)


BAD = {
    "empty.csv": (b"", "empty.csv is empty"),
    "names.csv": (b"digit,pixel0\n1,2\n", "lacks column 'label'"),
    "none.csv": (",".join(["label", *(f"pixel{n}" for n in range(784))]).encode() + b"\n", "none.csv has 0 drawings"),
    "damaged.csv": (b"\x89PNG\x00\xff" * 9, "not a CSV"),
    "ten.csv": (kaggle_csv.write_labelled(np.ones((1, 28, 28), np.uint8), np.array([10])), "label is '10'"),
    "blank.csv": (kaggle_csv.write_labelled(np.zeros((1, 28, 28), np.uint8), np.array([1])), "has no ink"),
}


def test_a_bad_file_is_one_sentence_and_nothing_is_lost(opened, canvas, drawings):
    page = opened("gallery")
    for name, (content, words) in BAD.items():
        page.file_uploader(key="hand-upload").set_value((name, content, "text/csv")).run()
        (error,) = page.error
        assert words in error.value and error.value.endswith("Nothing was added; your drawings are as they were.")
        assert len(drawings.all(**ME)) == 30


def test_a_file_that_was_saved_comes_back_and_nothing_is_there_twice(opened, canvas, drawings):
    hand = drawings.hand(**ME)
    saved = kaggle_csv.write_labelled(hand.images, hand.digits)
    for drawing in drawings.all(**ME)[:4]:
        drawings.delete(drawing.drawing_id)
    page = opened("gallery")
    page.file_uploader(key="hand-upload").set_value(("my-hand.csv", saved, "text/csv")).run()
    assert page.success[0].value == "4 drawings added. 26 drawings were there already."
    back = drawings.hand(**ME)
    assert sorted(zip(back.digests, back.digits, strict=True)) == sorted(zip(hand.digests, hand.digits, strict=True))
    page.run()
    assert page.button(key="take-back-gallery").label == "Take back 4 drawings"
    press(page, "take-back-gallery")
    assert len(drawings.hand(**ME)) == 26 and not page.success


@pytest.mark.parametrize("title", ["Lab", "Evaluate"])
def test_the_score_on_my_hand_stands_beside_the_network(open_page, lab, trainer, drawings, title):
    finished(lab, trainer)
    page = open_page(title)
    deadline = time.monotonic() + SOON_S
    while "Your hand: 30 drawings, **" not in text(page) and time.monotonic() < deadline:
        page.run()  # as the waiting line does
    assert "Your hand: 30 drawings, **" in text(page) and not page.error


def test_while_a_run_trains_its_own_score_of_the_hand_stands_there_and_nothing_waits(open_page, lab, trainer, drawings):
    running(lab, trainer)
    assert "Your hand: 30 drawings, read once mine-1 has ended" in texts(open_page("Evaluate"))


def test_learning_from_too_few_drawings_is_not_offered(opened, canvas):
    page = opened("learn-block")
    assert any("takes 20 labelled drawings, and there are 0" in info.value for info in page.info)
    assert "learn" not in {button.key for button in page.button}


def test_what_was_learned_is_dropped_or_kept_by_one_press(opened, lab, canvas, drawings, monkeypatch):
    monkeypatch.setattr("core.training.fine_tuning.NUM_STEPS", 4)
    page = press(opened("learn-block"), "learn")
    (key,) = [*lab.fine_tuning.pending(), *lab.fine_tuning._over]
    lesson = lab.fine_tuning.wait(key, 10 * SOON_S).result
    page.run()
    (table,) = [each.value for each in page.dataframe if "before" in each.value]
    assert table["read right"].tolist() == ["15 drawings held out", "360 validation images"]
    press(page, "lesson-drop")
    for p, kind in ((0.3, "primary"), (0.01, "secondary")):  # a network that has surely forgotten is not recommended
        hand, validation = Effect(15, wilson(12, 15), wilson(14, 15), 0.5), Effect(360, wilson(350, 360), wilson(345, 360), p)
        lab.fine_tuning.start(key, lambda report, both=(hand, validation): replace(lesson, hand=both[0], validation=both[1]))
        lab.fine_tuning.wait(key, SOON_S)
        page.run()
        assert "**2 more of 15 drawings held out read right; 5 more of 360 validation images read wrong.**" in texts(page)
        assert page.button(key="lesson-keep").proto.type == kind
        press(page, "lesson-drop")
    assert len(lab.store.runs.all()) == 1 and "learn" in {button.key for button in page.button}
    lab.fine_tuning.start(key, lambda report: lesson)
    lab.fine_tuning.wait(key, SOON_S)
    press(page.run(), "lesson-keep")
    child = lab.store.runs.all()[0]
    assert child.name == "hand-2" and child.best.hand_accuracy is not None
    assert page.selectbox(key="run").value == child.handle
    assert "15 drawings that hand-2 learned from are not counted." in texts(page)


def test_without_a_name_each_browser_has_its_own_drawings(opened, lab, canvas, drawings, monkeypatch):
    assert "Delete all 30 drawings" in [each.label for each in opened("gallery").button]
    monkeypatch.setattr("ui.browser.people.kept_number", lambda: 32 * "1")
    assert "No drawings yet." in text(opened("gallery"))


def test_drawings_from_before_browsers_had_numbers_go_to_the_first_one_here(open_page, lab, drawings, monkeypatch):
    monkeypatch.setattr("ui.browser.people.at_the_server", lambda: True)
    drawings.hand_over(ME["person"], "")
    open_page("Draw")
    assert drawings.count(person="") == 0 and drawings.count(**ME) == 30


def test_who_gives_a_name_can_take_the_drawings_along(opened, lab, canvas, drawings, monkeypatch):
    monkeypatch.setattr("ui.browser.people.kept_name", lambda: "Ana")
    page = press(opened("gallery"), "claim-press-hand")
    assert drawings.count(person="Ana") == 30 and "claim-press-hand" not in {button.key for button in page.button}
    press(page, "claim-undo-head")
    assert drawings.count(**ME) == 30


@pytest.mark.parametrize(
    ("button", "label", "kept", "back"),
    [
        ("is-non-digit", NOT_A_DIGIT, "Kept as not a digit. The canvas is clean for the next one.", "Take back the non-digit"),
        (
            "is-not-mine",
            NOT_MINE,
            "Kept as not yours. It does not count for your hand. The canvas is clean for the next one.",
            "Take back the other person's drawing",
        ),
    ],
)
def test_what_is_no_digit_of_mine_is_kept_by_one_press_counts_for_no_score_and_is_taken_back(
    open_page, lab, canvas, button, label, kept, back
):
    page = press(open_page("Draw"), button)
    assert f":material/check: **{kept}**" in texts(page) and "Your hand" not in text(page)
    assert lab.store.drawings.label_of(read_digit(pattern(0)).image, **ME) == label
    assert page.button(key="take-back-draw").label == back
    press(page, "take-back-draw")
    assert not lab.store.drawings.all(**ME) and "**What is it really?** Press the digit to keep this drawing." in texts(page)


def test_a_digit_that_is_called_not_mine_leaves_the_hand_and_comes_back(open_page, lab, canvas):
    page = press(open_page("Draw", drawing="number"), "is-7")
    press(page, "is-not-mine")
    assert "**Kept as not yours.** It does not count for your hand. Press its digit to correct it." in texts(page)
    assert not len(lab.store.drawings.hand(**ME)) and "Your hand" not in text(page)
    assert page.button(key="take-back-draw").label == "Call the other person's drawing a 7 again"
    press(page, "take-back-draw")
    assert lab.store.drawings.hand(**ME).digits.tolist() == [7]


def test_the_gallery_shows_what_was_kept_aside_and_the_file_holds_digits_alone(opened, lab, canvas, drawings):
    for number, label in enumerate((NOT_A_DIGIT, NOT_MINE, NOT_A_DIGIT)):
        drawings.add(np.full((28, 28), 200 + number, np.uint8), label, **ME)
    page = opened("gallery")
    assert "The file holds your digits alone, without 3 drawings kept as not a digit or not mine." in texts(page)
    assert any(line.startswith("Your hand: 30 drawings, **") for line in texts(page))
    page.pills(key="hand-show").set_value(NOT_A_DIGIT).run()
    deletes = [each.key for each in page.button if str(each.key).startswith("delete-")]
    assert len(deletes) == 2 and texts(page).count("**Not a digit**") == 2
    for key in deletes:
        press(page, key)
    assert page.pills(key="hand-show").value == "all" and "**Not mine**" in texts(page)
    assert page.button(key="take-back-gallery").label == "Put the non-digit back"
    press(page, "take-back-gallery")
    assert [each.label for each in drawings.all(**ME)].count(NOT_A_DIGIT) == 1
