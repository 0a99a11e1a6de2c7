"""The Draw page's blocks: what is written on, the answer to it, and what can be asked about one drawing."""

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
from core.recipe.presets import preset
from core.runs.snapshot import RunSnapshot
from core.store import starter
from ui import diagnosis, recipe_form
from ui import session_keys as keys
from ui.browser import address, people
from ui.draw import answer, canvas, epoch_history, photo, rejection
from ui.draw.canvas import Sheet
from ui.draw.drawing import Drawing
from ui.draw.hand import quiz
from ui.draw.hand.labelling import tell
from ui.polling import show_errors, while_training
from ui.session import Lab
from ui.widgets.plot import plot
from ui.words import score_text


def nothing_to_ask(lab: Lab) -> None:
    """Where not even the starter network is there: the press that trains one, or its progress until the first epoch is done."""

    def waiting() -> None:
        if lab.studio.current() is None:
            st.info("There is no network to ask yet. This press trains a quick one; drawing works from its first epoch on.")
        _first_of_your_own(lab, "You can draw as soon as its first epoch is done.", "primary")

    while_training(lab, waiting)


def about_the_starter(lab: Lab, run: RunSnapshot) -> None:
    """Where the starter network answers: whose it is, and how to have one of one's own, which takes its place by itself."""
    if run.run_id != starter.RUN_ID:
        return
    st.caption("It has learned from MNIST and from digits in many people's ways of writing. Your own runs take its place.")
    if not any(row.num_epochs for row in lab.store.runs.all()):
        while_training(lab, lambda: _first_of_your_own(lab, "It answers here as soon as its first epoch is done.", "secondary"))


def _first_of_your_own(lab: Lab, then: str, kind: Literal["primary", "secondary"]) -> None:
    run = lab.studio.current()
    if run and run.epochs:
        st.rerun()
    if run:
        st.info(f"{run.name} is learning. {then}")
        st.progress(run.progress)
    elif st.button("Train a quick network", type=kind, icon=":material/play_arrow:", key=keys.TRAIN_QUICK):
        people.submit(lab, preset("quick", recipe_form.held("dataset")))
        st.rerun()


@st.fragment
@show_errors()
def board(lab: Lab, run: RunSnapshot) -> None:
    """What is written on, the answer, and below it what can be asked about it. Only this part reruns after a stroke."""
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
    run = lab.studio.snapshot(run.run_id)
    tell(lab, run, drawing)
    rejection.choice(lab, run)
    # The answer has gone out by now. What follows asks the network only where its block is open.
    if drawing:
        diagnosis.why(lab, run, drawing.glyph, drawing.picture.shape[:2], key=keys.WHY)
        epoch_history.over_the_epochs(lab, run, drawing.image)
    rejection.price(lab, run)


def _digit_board(lab: Lab, run: RunSnapshot) -> Drawing | None:
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=canvas.SIDE_PX + 4):
            sheet = canvas.written(canvas.SIDE_PX, "digit")
        glyph = read_digit(sheet.image) if sheet.image is not None else None
        with st.container(width=answer.SEEN_SCALE * DIGIT_SIDE_PX, key=keys.SEEN):  # on a phone it comes below the answer
            answer.seen(glyph)
        with st.container(width=290, key=keys.ANSWER):
            if glyph is None:
                st.info("Draw a digit, large or small, anywhere on the canvas. The answer comes after every stroke.")
                return None
            run = lab.studio.snapshot(run.run_id)
            number = Number([glyph], lab.predictor.probabilities(run, glyph.image[None]))
            refused = rejection.judged(lab, run, glyph.image[None])
            answer.headline(number.probabilities[0], refused=bool(refused[0]))
            drawing = _drawing(sheet, number, refused, 0)
            _ten_bars(lab, run, drawing)
            return drawing


def _number_board(lab: Lab, run: RunSnapshot, *, write: Callable[[], Sheet], hint: str) -> Drawing | None:
    sheet = write()
    run = lab.studio.snapshot(run.run_id)
    with st.container(key=keys.ANSWER):
        number = read_number(sheet.image, partial(lab.predictor.probabilities, run)) if sheet.image is not None else None
        if number is None or not number.glyphs or sheet.shown is None:
            st.info(hint)
            return None
        refused = rejection.judged(lab, run, np.stack([glyph.image for glyph in number.glyphs]))
        answer.number_headline(number, refused)
        answer.boxes(sheet.shown, number, refused)
        drawing = _drawing(sheet, number, refused, _closer_look(number, refused))
        with st.container(width=290):
            _ten_bars(lab, run, drawing)
        return drawing


def _closer_look(number: Number, refused: np.ndarray) -> int:
    """Which of the digits the blocks below are about: the person's choice, the least certain one until then."""
    if len(number.glyphs) == 1:
        return 0
    signs = answer.written(number, refused)
    if not 0 <= st.session_state.get(keys.DRAWING_CLOSER, -1) < len(signs):
        st.session_state[keys.DRAWING_CLOSER] = number.doubtful
    place = st.segmented_control(
        "Look closer at",
        range(len(signs)),
        required=True,
        key=keys.DRAWING_CLOSER,
        format_func=lambda place: f"{answer.ordinal(place)}: {signs[place]}",
    )
    return int(place or 0)


def _drawing(sheet: Sheet, number: Number, refused: np.ndarray, place: int) -> Drawing:
    glyph = number.glyphs[place]
    called = "it" if len(number.glyphs) == 1 else f"the {answer.ordinal(place)} digit"
    strokes = within(sheet.strokes, glyph.box)
    picture = cast(np.ndarray, sheet.shown)  # it shows the glyph
    return Drawing(glyph, picture, strokes, number.probabilities[place], bool(refused[place]), called)


def _ten_bars(lab: Lab, run: RunSnapshot, drawing: Drawing) -> None:
    """How sure the network is of each digit, and whose answer this is."""
    plot(
        charts.probabilities(drawing.probabilities), key=keys.ANSWER_CHART, alt="Ten bars: how sure the network is of each digit"
    )
    epoch = run.served_epoch_number
    st.caption(f"{run.name}, epoch {epoch}: {score_text(run)} of its validation images read right.")


# By its name in the address bar: what the button says, and what draws it.
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
