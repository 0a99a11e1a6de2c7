"""The Draw page's blocks: the canvas or photo, the answer, and what can be asked about one drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import charts
from core.constants import SIDE_PX as DIGIT_SIDE_PX
from core.drawing.labelled import digest_of
from core.drawing.lines import lines_of
from core.drawing.numbers import Number, joined, read_number, several
from core.drawing.pen_paths import Stroke, within
from core.drawing.photo_faults import trusted
from core.drawing.preprocessing import read_digit
from core.network.predictor import Answers
from core.runs.snapshot import RunSnapshot
from core.store import starter
from ui import diagnosis
from ui import session_keys as keys
from ui.browser import address
from ui.canvas import canvas
from ui.canvas.canvas import Ink
from ui.draw import answer, epoch_history, rejection
from ui.draw import photo as photo_page
from ui.draw.drawing import Answer, Drawing
from ui.draw.hand import quiz
from ui.draw.hand.labelling import label
from ui.polling import show_errors, while_training
from ui.run_control.quick_start import quick_start
from ui.session import Lab
from ui.widgets.plot import plot
from ui.words import score_text


def nothing_to_ask(lab: Lab) -> None:
    """Where there is no network, not even the starter: a button that trains one, or its progress up to the first epoch."""
    nothing = "There is no network yet. Train a quick one: it reads drawings from its first epoch on."
    while_training(lab, lambda: quick_start(lab, "You can draw as soon as its first epoch is done.", nothing=nothing))


def about_the_starter(lab: Lab, run: RunSnapshot) -> None:
    """Where the starter network answers: what it is, and a button that trains a network of the person's own."""
    if run.run_id != starter.RUN_ID:
        return
    st.caption("It was trained on MNIST and on synthetic digits in many styles of handwriting. Your own runs take its place.")
    if not any(row.num_epochs for row in lab.store.runs.all()):
        while_training(lab, lambda: quick_start(lab, "It answers here as soon as its first epoch is done."))


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
        "What to draw",
        list(_MODES),
        format_func=lambda mode: _MODES[mode].title,
        required=True,
        key=keys.DRAWING,
        persist_state="session",
        label_visibility="collapsed",
    )
    address.link("drawing", None if mode == "digit" else mode)
    mode = mode or "digit"
    way = _MODES[mode]
    left, right = st.columns(way.shares, gap="medium")
    with left:
        ink = way.write()
    with right:
        with st.container(key=keys.ANSWER):
            drawing = way.answered(lab, run, ink, way.hint, left)
        clean = partial(canvas.clean, canvas.SIDE_PX) if mode == "digit" else None
        label(lab, run, drawing, clean)
        if drawing:
            _details(run, drawing)
    rejection.choice(lab, run)
    # The answer has been sent by now. What follows asks the network only where its block is open.
    if drawing:
        diagnosis.why(lab, run, drawing.glyph, drawing.picture.shape[:2], key=keys.WHY, epoch=drawing.answer.epoch)
    epoch_history.over_the_epochs(lab, run, drawing.image if drawing else None)
    rejection.figures(lab, run)


def _digit(lab: Lab, run: RunSnapshot, ink: Ink, hint: str, _: DeltaGenerator) -> Drawing | None:
    glyph = read_digit(ink.image) if ink.image is not None else None
    if glyph is None:
        _nothing(hint)
        return None
    answers = lab.predictor.answers(run, glyph.image[None])
    if _told_several(lab, run, ink, answers, digest_of(glyph.image)):
        return None
    rejected = rejection.rejected(lab, run, answers)
    number = Number([glyph], answers.probabilities)
    answer.headline(answers.probabilities[0], rejected=bool(rejected[0]))
    answer.announce(answer.spoken(number, rejected))
    return _drawing(ink, run, number, rejected, answers.epoch, 0)


def _told_several(lab: Lab, run: RunSnapshot, ink: Ink, answers: Answers, digest: str) -> bool:
    """Says that the field for one digit holds several, where it seems so, and what can be done."""
    if ink.image is None or st.session_state.get(keys.IS_ONE) == digest:
        return False
    certainty = float(answers.probabilities.max())
    found = several(ink.image, lambda images: lab.predictor.probabilities(run, images), certainty, ink.strokes)
    if found is None:
        return False
    count = _COUNTS.get(len(found.glyphs), str(len(found.glyphs)))
    st.markdown(f"## {count} digits?")
    st.write(f"This field is for one digit. As a number it reads **{found.text}**.")
    answer.announce(f"{count} digits, as a number {found.text}")
    with st.container(horizontal=True):
        st.button("Read it as a number", type="primary", icon=":material/pin:", key=keys.READ_NUMBER, on_click=_as_number)
        st.button("It is one digit", type="tertiary", key=keys.READ_ONE, on_click=_as_one, args=(digest,))
    return True


def _as_number() -> None:
    canvas.carry(canvas.SIDE_PX, canvas.WIDE_PX)
    st.session_state[keys.DRAWING] = "number"
    address.link("drawing", "number")


def _as_one(digest: str) -> None:
    st.session_state[keys.IS_ONE] = digest


def _number(lab: Lab, run: RunSnapshot, ink: Ink, hint: str, left: DeltaGenerator, *, photo: bool = False) -> Drawing | None:
    """The digits side by side; of a photo line by line, without what is no digit: that is taken for a speck of the paper."""
    if ink.image is None or ink.shown is None:
        _nothing(hint)
        return None
    images = lines_of(ink.image) if photo else [ink.image]
    lines = [_line(lab, run, image, ink.strokes, photo=photo) for image in images]
    found = [line for line in lines if line.number.glyphs]
    if not found:
        if photo:
            st.markdown("## No digit found")
            _faults(ink.shown, lines)
            answer.announce("No digit found")
        else:
            _nothing(hint)
        return None
    number = joined([line.number for line in found])
    rejected = np.concatenate([line.rejected for line in found])
    answer.number_headline(number, rejected)
    answer.announce(answer.spoken(number, rejected))
    if photo:
        _faults(ink.shown, lines)
    with left if photo else st.container():
        answer.framed(ink.shown, number, rejected)
    answer.seen_of_each(number, rejected)
    return _drawing(ink, run, number, rejected, found[0].epoch, _chosen_place(number, rejected))


def _faults(picture: np.ndarray, lines: Sequence[_Line]) -> None:
    certainties = [certainty for line in lines for certainty in line.number.certainties.tolist()]
    photo_page.tell_faults(picture, trusted(certainties, sum(line.num_dropped for line in lines)))


@dataclass(frozen=True, eq=False)
class _Line:
    """What was read in one line after `epoch`: `rejected` (n,) for each digit. Of a photo those are left out, `num_dropped`."""

    number: Number
    rejected: np.ndarray
    epoch: int
    num_dropped: int = 0


def _line(lab: Lab, run: RunSnapshot, image: np.ndarray, strokes: tuple[Stroke, ...], *, photo: bool) -> _Line:
    asked: list[Answers] = []

    def probabilities(images: np.ndarray) -> np.ndarray:
        asked.append(lab.predictor.answers(run, images))
        return asked[-1].probabilities

    number = read_number(image, probabilities, strokes)
    if not number.glyphs:
        return _Line(number, np.zeros(0, bool), 0)
    rejected = rejection.rejected(lab, run, asked[-1].rows(np.array(number.chosen)))
    num_dropped = int(rejected.sum()) if photo else 0
    if photo:
        kept = np.flatnonzero(~rejected).tolist()
        glyphs = [number.glyphs[place] for place in kept]
        number = Number(glyphs, number.probabilities[kept], [number.chosen[place] for place in kept])
        rejected = rejected[kept]
    return _Line(number, rejected, asked[-1].epoch, num_dropped)


def _nothing(hint: str) -> None:
    st.info(hint)
    answer.announce("")


def _details(run: RunSnapshot, drawing: Drawing) -> None:
    """How sure the network is of each digit, whose answer this is, and the image that it got."""
    found = drawing.answer
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=250):
            alt = "Ten bars: how sure the network is of each digit"
            plot(charts.probabilities(found.probabilities), key=keys.ANSWER_CHART, alt=alt)
        with st.container(width=answer.SEEN_SCALE * DIGIT_SIDE_PX, key=keys.SEEN):
            answer.seen(drawing.glyph)
            st.caption(f"{run.name}, epoch {found.epoch}: {score_text(run)} of its validation images read right.")


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


@dataclass(frozen=True)
class _Mode:
    """A way to write digits: what its button says, how the page is shared between it and the answer, and who draws each."""

    title: str
    shares: tuple[int, int]
    write: Callable[[], Ink]
    answered: Callable[[Lab, RunSnapshot, Ink, str, DeltaGenerator], Drawing | None]
    hint: str


_COUNTS = {2: "Two", 3: "Three"}
_MOST_PX, _ABOVE_PX = 720, 340  # of the canvas' height, and of the window's for title, choice of the network and tools
_MODES = {  # by the name in the address bar
    "digit": _Mode(
        "One digit",
        (1, 1),
        partial(canvas.written, canvas.SIDE_PX, "digit", most_px=_MOST_PX, above_px=_ABOVE_PX),
        _digit,
        "Draw a digit, large or small, anywhere on the canvas. The answer comes while you draw.",
    ),
    "number": _Mode(
        "A number",
        (3, 2),
        partial(canvas.written, canvas.WIDE_PX, "number", most_px=_MOST_PX, above_px=_ABOVE_PX),
        _number,
        "Write a number, its digits side by side. The answer comes while you write.",
    ),
    "photo": _Mode(
        "A photo",
        (1, 1),
        photo_page.taken,
        partial(_number, photo=True),
        "Write a digit or a number on paper, and take a photo that it fills.",
    ),
}
