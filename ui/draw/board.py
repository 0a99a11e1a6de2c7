"""The Draw page's blocks: the canvas or photo, the answer, and what can be asked about one drawing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, cast

import numpy as np
import streamlit as st

from core import charts
from core.constants import SIDE_PX as DIGIT_SIDE_PX
from core.drawing.numbers import Number, read_number
from core.drawing.pen_paths import within
from core.drawing.preprocessing import read_digit
from core.network.predictor import Answers
from core.recipe.presets import preset
from core.runs.snapshot import RunSnapshot
from core.store import starter
from ui import diagnosis, recipe_form
from ui import session_keys as keys
from ui.browser import address, people
from ui.draw import answer, canvas, epoch_history, photo, rejection
from ui.draw.canvas import Ink
from ui.draw.drawing import Answer, Drawing
from ui.draw.hand import quiz
from ui.draw.hand.labelling import label
from ui.polling import show_errors, while_training
from ui.session import Lab
from ui.widgets.plot import plot
from ui.words import score_text


def nothing_to_ask(lab: Lab) -> None:
    """Where there is no network, not even the starter: a button that trains one, or its progress up to the first epoch."""

    def waiting() -> None:
        if lab.studio.current() is None:
            st.info("There is no network yet. Train a quick one: it reads drawings from its first epoch on.")
        _first_of_your_own(lab, "You can draw as soon as its first epoch is done.", "primary")

    while_training(lab, waiting)


def about_the_starter(lab: Lab, run: RunSnapshot) -> None:
    """Where the starter network answers: what it is, and a button that trains a network of the person's own."""
    if run.run_id != starter.RUN_ID:
        return
    st.caption("It was trained on MNIST and on synthetic digits in many styles of handwriting. Your own runs take its place.")
    if not any(row.num_epochs for row in lab.store.runs.all()):
        while_training(lab, lambda: _first_of_your_own(lab, "It answers here as soon as its first epoch is done.", "secondary"))


def _first_of_your_own(lab: Lab, then: str, kind: Literal["primary", "secondary"]) -> None:
    run = lab.studio.current()
    if run and run.epochs:
        st.rerun()
    if run:
        st.info(f"{run.name} is training. {then}")
        st.progress(run.progress)
    elif st.button("Train a quick network", type=kind, icon=":material/play_arrow:", key=keys.TRAIN_QUICK):
        people.submit(lab, preset("quick", recipe_form.held("dataset")))
        st.rerun()


@st.fragment
@show_errors()
def board(lab: Lab, run: RunSnapshot) -> None:
    """The canvas or photo, the answer, and below it what can be asked about it. Only this part reruns after a stroke."""
    run = lab.studio.snapshot(run.run_id)  # read once: all blocks are about the same epoch
    quiz.asked()
    if quiz.board(lab, run):
        return
    asked = (st.session_state.get(keys.DRAWING), st.query_params.get("drawing"))
    st.session_state[keys.DRAWING] = next((mode for mode in asked if mode in _MODES), "digit")
    mode = st.segmented_control(
        "Draw",
        list(_MODES),
        format_func=lambda mode: _MODES[mode][0],
        required=True,
        key=keys.DRAWING,
        persist_state="session",
        label_visibility="collapsed",
    )
    address.link("drawing", None if mode == "digit" else mode)
    drawing = _MODES[mode or "digit"][1](lab, run)
    label(lab, run, drawing)
    rejection.choice(lab, run)
    # The answer has been sent by now. What follows asks the network only where its block is open.
    if drawing:
        diagnosis.why(lab, run, drawing.glyph, drawing.picture.shape[:2], key=keys.WHY, epoch=drawing.answer.epoch)
    epoch_history.over_the_epochs(lab, run, drawing.image if drawing else None)
    rejection.figures(lab, run)


def _digit_board(lab: Lab, run: RunSnapshot) -> Drawing | None:
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=canvas.SIDE_PX + 4):
            ink = canvas.written(canvas.SIDE_PX, "digit")
        glyph = read_digit(ink.image) if ink.image is not None else None
        with st.container(width=answer.SEEN_SCALE * DIGIT_SIDE_PX, key=keys.SEEN):  # on a phone it comes below the answer
            answer.seen(glyph)
        with st.container(width=290, key=keys.ANSWER):
            if glyph is None:
                st.info("Draw a digit, large or small, anywhere on the canvas. The answer comes after every stroke.")
                return None
            answers = lab.predictor.answers(run, glyph.image[None])
            rejected = rejection.rejected(lab, run, answers)
            answer.headline(answers.probabilities[0], rejected=bool(rejected[0]))
            drawing = _drawing(ink, run, Number([glyph], answers.probabilities), rejected, answers.epoch, 0)
            _ten_bars(run, drawing)
            return drawing


def _number_board(lab: Lab, run: RunSnapshot, *, write: Callable[[], Ink], hint: str) -> Drawing | None:
    ink = write()
    asked: list[Answers] = []

    def probabilities(images: np.ndarray) -> np.ndarray:
        asked.append(lab.predictor.answers(run, images))
        return asked[-1].probabilities

    with st.container(key=keys.ANSWER):
        number = read_number(ink.image, probabilities) if ink.image is not None else None
        if number is None or not number.glyphs or ink.shown is None:
            st.info(hint)
            return None
        answers = asked[-1].rows(np.array(number.chosen))
        rejected = rejection.rejected(lab, run, answers)
        answer.number_headline(number, rejected)
        answer.boxes(ink.shown, number, rejected)
        drawing = _drawing(ink, run, number, rejected, answers.epoch, _chosen_place(number, rejected))
        with st.container(width=290):
            _ten_bars(run, drawing)
        return drawing


def _chosen_place(number: Number, rejected: np.ndarray) -> int:
    """Which of the digits the blocks below are about: the person's choice, the least certain one until then."""
    if len(number.glyphs) == 1:
        return 0
    signs = answer.written(number, rejected)
    if st.session_state.get(keys.DRAW_DIGIT_PLACE) not in range(len(signs)):
        st.session_state[keys.DRAW_DIGIT_PLACE] = number.doubtful
    place = st.segmented_control(
        "Look closer at",
        range(len(signs)),
        required=True,
        key=keys.DRAW_DIGIT_PLACE,
        format_func=lambda place: f"{answer.ordinal(place)}: {signs[place]}",
    )
    return int(place or 0)


def _drawing(ink: Ink, run: RunSnapshot, number: Number, rejected: np.ndarray, epoch: int, place: int) -> Drawing:
    glyph = number.glyphs[place]
    called = "it" if len(number.glyphs) == 1 else f"the {answer.ordinal(place)} digit"
    strokes = within(ink.strokes, glyph.box)
    found = Answer(run.run_id, epoch, number.probabilities[place], bool(rejected[place]))
    return Drawing(glyph, cast(np.ndarray, ink.shown), strokes, found, called)  # what is read was shown


def _ten_bars(run: RunSnapshot, drawing: Drawing) -> None:
    """How sure the network is of each digit, and whose answer this is."""
    found = drawing.answer
    plot(charts.probabilities(found.probabilities), key=keys.ANSWER_CHART, alt="Ten bars: how sure the network is of each digit")
    st.caption(f"{run.name}, epoch {found.epoch}: {score_text(run)} of its validation images read right.")


# Name in the address bar -> what the button says, and what draws it.
_MODES: dict[str, tuple[str, Callable[[Lab, RunSnapshot], Drawing | None]]] = {
    "digit": ("One digit", _digit_board),
    "number": (
        "A number",
        partial(
            _number_board,
            write=partial(canvas.written, canvas.WIDE_PX, "number"),
            hint="Write a number, its digits side by side. The answer comes after every stroke.",
        ),
    ),
    "photo": (
        "A photo",
        partial(_number_board, write=photo.taken, hint="Write a digit or a number on paper, and take a photo that it fills."),
    ),
}
