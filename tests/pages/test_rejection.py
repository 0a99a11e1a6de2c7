import re
from dataclasses import replace

import numpy as np
import pytest

from core.charts import pictures
from core.drawing.labelled import MIN_DRAWINGS, NOT_A_DIGIT
from core.evaluation.rejection import Curve, Rejection
from core.metrics import wilson
from core.system.background_jobs import Job
from tests.drawn import stroke
from tests.fakes import SOON_S
from tests.pages.conftest import ME
from tests.pages.reading import plots, text
from tests.pages.states import finished, running

NO_DIGIT = "## Not a digit, I think"


def rejection(*, rejected):
    """A threshold that rejects everything, or nothing."""
    line = np.linspace(0.01, 1, 100)
    counts = {"probability": 60, "energy": 70, "distance": 130, "boundary": 190}
    shares = {name: wilson(count, 200) for name, count in counts.items()}
    return Rejection(
        "boundary",
        lambda answers: np.full(len(answers.images), float(rejected)),
        0.5,
        shares,
        wilson(2, 100),
        100,
        200,
        Curve(line, line / 50, line**4),
    )


@pytest.fixture
def drawn(open_page, lab, trainer, draw_on_canvas):
    """Opens Draw with a stroke on the canvas."""

    def drawn():
        finished(lab, trainer)
        draw_on_canvas(stroke())
        return open_page("Draw")

    return drawn


def test_a_rejected_drawing_is_not_called_a_digit_and_the_closest_one_stands_in_grey(drawn, rejections):
    rejections.job = Job(result=rejection(rejected=True))
    page = drawn()
    assert NO_DIGIT in text(page)
    assert re.search(r":gray\[Closest digit: \d \([\d.]+%\)\]", text(page))


def thin_is_no_digit(answers):
    """1 for what is narrower than half the picture."""
    return np.array([float(np.ptp(np.flatnonzero(image.any(axis=0))) < 14) for image in answers.images])


def test_each_digit_of_a_number_is_rejected_by_itself(open_page, lab, trainer, draw_on_canvas, rejections):
    rejections.job = Job(result=replace(rejection(rejected=False), score=thin_is_no_digit))
    finished(lab, trainer)
    image = stroke(672, places=(60, 420))
    image[100:260, 200:330] = (26, 28, 35, 255)
    draw_on_canvas(image)
    page = open_page("Draw", drawing="number")
    assert re.search(r"^## \?\d\?$", text(page), re.MULTILINE) and "I don't think the 1st and 3rd are digits." in text(page)
    assert re.search(r":gray\[Closest digits: 1st \d \([\d.]+%\), 3rd \d \([\d.]+%\)\]", text(page))


def test_always_answer_names_the_digit_all_the_same(drawn, rejections):
    rejections.job = Job(result=rejection(rejected=True))
    page = drawn()
    page.toggle(key="always-answer").set_value(True).run()
    assert NO_DIGIT not in text(page) and re.search(r"^## \d \N{EN SPACE}\d+\.\d%$", text(page), re.MULTILINE)


def test_a_digit_is_answered(drawn, rejections):
    rejections.job = Job(result=rejection(rejected=False))
    assert NO_DIGIT not in text(drawn())


def test_the_answer_does_not_wait_for_the_threshold_and_the_verdict_follows(drawn, rejections):
    rejections.job = Job()
    page = drawn()
    assert NO_DIGIT not in text(page) and any("when to reject" in bar.proto.text for bar in page.get("progress"))
    rejections.job = Job(result=rejection(rejected=True))
    assert NO_DIGIT in text(page.run())


def test_the_threshold_is_asked_for_before_the_first_stroke(open_page, lab, trainer, rejections):
    run = finished(lab, trainer)
    open_page("Draw")
    assert set(rejections.asked) == {(run.run_id, run.best_epoch.epoch)}


def test_without_a_starter_a_run_that_trains_answers_everything(open_page, lab, trainer, draw_on_canvas, rejections):
    rejections.job = Job(result=rejection(rejected=True))
    running(lab, trainer)
    draw_on_canvas(stroke())
    page = open_page("Draw")
    assert not rejections.asked and NO_DIGIT not in text(page)
    assert "While mine-1 trains, every drawing gets an answer." in text(page)


def test_while_a_run_trains_the_starter_network_decides(open_page, lab, trainer, draw_on_canvas, rejections, there):
    rejections.job = Job(result=rejection(rejected=True))
    running(lab, trainer)
    draw_on_canvas(stroke())
    page = opened(open_page("Draw"))
    assert set(rejections.asked) == {("starter", 7)}, "the run's epochs are too many to measure each"
    note = "While mine-1 trains, the starter network decides what is not a digit; after that, mine-1 does."
    assert NO_DIGIT in text(page) and note in text(page)
    assert "The threshold of the starter network rejects 95.0%" in text(page)


def test_once_it_has_finished_a_run_decides_by_itself(open_page, lab, trainer, rejections, there):
    run = finished(lab, trainer)
    page = open_page("Draw")
    assert set(rejections.asked) == {(run.run_id, run.best_epoch.epoch)} and "the starter network decides" not in text(page)


def test_the_starter_network_goes_on_deciding_until_the_runs_own_threshold_is_there(drawn, rejections, there):
    rejections.job, rejections.jobs = Job(), {("starter", 7): Job(result=rejection(rejected=True))}
    page = drawn()
    assert NO_DIGIT in text(page)
    rejections.job = Job(result=rejection(rejected=False))
    assert NO_DIGIT not in text(page.run())


def opened(page):
    """The block about the threshold; AppTest opens no expander by a press."""
    page.session_state["rejection"] = True
    return page.run()


def test_the_threshold_is_a_curve_with_its_figures(drawn, rejections):
    rejections.job = Job(result=rejection(rejected=False))
    page = opened(drawn())
    assert "The threshold of mine-1 rejects 95.0% (91.0–97.3) of 200 non-digits" in text(page)
    assert "2.0% (0.6–7.0) of 100 digits" in text(page)
    assert any(alt.startswith("Two curves") for alt in plots(page))
    (table,) = [frame.value for frame in page.dataframe if "rejected" in frame.value]
    assert table["score"].tolist() == ["Certainty", "Energy", "Distance", "Boundary"]


def test_a_threshold_that_is_not_there_yet_or_never_is_one_sentence(drawn, rejections):
    rejections.job = Job()
    page = opened(drawn())
    assert "is being measured" in page.info[0].value
    rejections.job = Job(error="The weights are gone.")
    assert "so every drawing gets an answer. The weights are gone." in page.run().warning[0].value


def test_a_rejected_drawing_is_asked_about_before_it_is_kept(drawn, lab, rejections, monkeypatch):
    monkeypatch.setattr("ui.draw.hand.saving._PEN_S", 0)
    rejections.job = Job(result=rejection(rejected=True))
    question = "**This does not look like a digit. Keep it as a 7 all the same?**"
    page = drawn()
    page.button(key="is-7").click().run()
    assert question in text(page) and not lab.store.drawings.all(**ME)
    page.button(key="keep-not").click().run()
    assert question not in text(page) and not lab.store.drawings.all(**ME)
    page.button(key="is-7").click().run()
    page.button(key="keep-anyway").click().run()
    assert [each.digit for each in lab.store.drawings.all(**ME)] == [7] and question not in text(page)
    assert "Kept as a 7." in text(page)


def test_a_rejected_drawing_that_is_no_digit_is_kept_without_a_question_and_counts_as_rejected(
    drawn, lab, rejections, monkeypatch
):
    monkeypatch.setattr("ui.draw.hand.saving._PEN_S", 0)
    rejections.job = Job(result=rejection(rejected=True))
    page = drawn()
    assert page.button(key="is-non-digit").proto.type == "primary"
    page.button(key="is-7").click().run()
    page.button(key="is-non-digit").click().run()
    assert "Keep it as" not in text(page) and [each.label for each in lab.store.drawings.all(**ME)] == [NOT_A_DIGIT]
    assert "Non-digits rejected: **1 of 1**" in text(judged(page, lab))


def judged(page, lab):
    """The page once the person's non-digits were judged."""
    (key,) = [*lab.hand.pending(), *lab.hand._over]
    lab.hand.wait(key, SOON_S)
    return page.run()


def test_my_non_digits_are_counted_by_the_threshold_with_an_interval_once_they_are_enough(drawn, lab, rejections):
    rejections.job = Job(result=replace(rejection(rejected=True), score=thin_is_no_digit))
    for number in range(4):
        image = np.zeros((28, 28), np.uint8)
        image[:, 4 : 24 if number == 3 else 8], image[0, 4] = 255, 100 + number
        lab.store.drawings.add(image, NOT_A_DIGIT, **ME)
    assert "Non-digits rejected: **3 of 4**" in text(judged(drawn(), lab))
    for number in range(MIN_DRAWINGS - 4):
        lab.store.drawings.add(np.full((28, 28), 1 + number, np.uint8), NOT_A_DIGIT, **ME)
    page = drawn()
    for key in lab.hand.pending():
        lab.hand.wait(key, SOON_S)
    assert "Non-digits rejected: **15.0% (5.2–36.0) of 20**" in text(page.run())


def photo_of(open_page, image):
    page = open_page("Draw", drawing="photo")
    page.file_uploader(key="photo").set_value(("photo.png", pictures.png(image), "image/png")).run()
    assert not page.error
    return page


def test_a_photo_without_a_digit_has_no_guesses(open_page, lab, trainer, rejections):
    finished(lab, trainer)
    rejections.job = Job(result=rejection(rejected=True))
    page = photo_of(open_page, stroke(672, places=tuple(range(40, 640, 46))))
    assert "## No digit found" in text(page) and "%" not in text(page).split("## No digit found")[1].split("Always answer")[0]
    assert not plots(page)


def test_specks_beside_the_digit_on_a_photo_are_left_out(open_page, lab, trainer, rejections):
    finished(lab, trainer)
    rejections.job = Job(result=replace(rejection(rejected=False), score=thin_is_no_digit))
    image = stroke(672, places=(60, 420))
    image[100:260, 200:330] = (26, 28, 35, 255)
    page = photo_of(open_page, image)
    assert re.search(r"^## \d \N{EN SPACE}\d+\.\d%$", text(page), re.MULTILINE) and "?" not in text(page).split("## ")[1][:9]


def test_a_photo_that_shows_no_digit_says_what_may_be_wrong_with_it(open_page, lab, trainer, rejections):
    finished(lab, trainer)
    rejections.job = Job(result=rejection(rejected=False))
    page = photo_of(open_page, np.full((300, 400, 3), 8, np.uint8))
    assert "## No digit found" in text(page) and "The picture is too dark: turn on a light" in page.warning[0].value
