"""Test me: asks for digits in random order against the clock, so that each digit is drawn equally often."""

from __future__ import annotations

import time
from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.components import v2

from core.drawing.diagnosis import article
from core.drawing.preprocessing import read_digit
from core.drawing.quiz import QUIZ_S, Quiz, new_quiz
from core.metrics import interval_text
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.canvas import canvas
from ui.draw.drawing import Answer, Drawing
from ui.draw.hand.saving import keep, once_sent
from ui.polling import POLL_S
from ui.session import Lab

_CANVAS_PX, _ABOVE_PX = 480, 420
# A key that is pressed while the focus is on the page as a whole frames it; a finger's screen has no keys.
_STYLE = """<style>
.stMain:focus-visible { outline: none; box-shadow: none }
.st-key-quiz { scroll-margin-top: 4.5rem }
@media (pointer: coarse) { .st-key-quiz-turn [aria-label^="Shortcut"], .st-key-quiz-key { display: none } }
</style>"""
# The press that begins a test may stand further down than its task.
_scroll = v2.component(
    "digitlab.quiz",
    js="""const done = new WeakSet();
    export default ({parentElement}) => {
      if (done.has(parentElement)) return;
      done.add(parentElement);
      document.querySelector(".st-key-quiz")?.scrollIntoView({block: "start"});
    }""",
    isolate_styles=False,
)


def start_button() -> None:
    """The press that begins a test."""
    st.button(
        "Test me",
        icon=":material/timer:",
        key=keys.QUIZ_START,
        on_click=_start,
        help="Asks for 30 digits, each three times, in two minutes from your first stroke on. All are kept.",
    )


def asked() -> None:
    """Above the canvas: the digit to draw and the time left, or the result of the test that is over; nothing without a test."""
    quiz: Quiz | None = st.session_state.get(keys.QUIZ)
    # A container even for nothing: Streamlit takes an element in another place for a new one, and a new canvas is empty.
    with st.container(key=keys.QUIZ):
        if quiz and quiz.remaining_s(time.time()):
            st.markdown(f"## Draw {article(quiz.order[len(quiz.answers)])}")
            st.fragment(_clock, run_every=POLL_S if quiz.ends_s is not None else None)()
        elif quiz:
            if st.session_state.get(keys.QUIZ_ENDED) != quiz:
                st.session_state[keys.QUIZ_ENDED] = quiz
                canvas.clear(canvas.SIDE_PX)  # an unfinished drawing
            _result(quiz)


def board(lab: Lab, run: RunSnapshot) -> bool:
    """While a test is on, in place of everything else: next, skip and stop, and the canvas. False where none is on."""
    quiz: Quiz | None = st.session_state.get(keys.QUIZ)
    if quiz is None or quiz.asked is None or not quiz.remaining_s(time.time()):
        return False
    st.html(_STYLE)
    with st.container(width=_CANVAS_PX):
        turn = st.container(horizontal=True, key=keys.QUIZ_TURN)  # above the canvas: below it, it is off a small screen
        st.caption("Write as you usually do. You see the network's answers at the end.")
        ink = canvas.written(canvas.SIDE_PX, "quiz", most_px=_CANVAS_PX, above_px=_ABOVE_PX)
        glyph = read_digit(ink.image) if ink.image is not None else None
        if glyph is not None and quiz.ends_s is None:
            st.session_state[keys.QUIZ] = quiz.begun(time.time())
            st.rerun()  # now the clock runs
        with turn:
            pressed = st.button(
                "Next",
                icon=":material/navigate_next:",
                type="primary",
                key=keys.QUIZ_NEXT,
                disabled=glyph is None,
                shortcut="N" if st.session_state.get(keys.QUIZ_KEY, True) else None,
            )
            st.button("Skip", icon=":material/skip_next:", key=keys.QUIZ_SKIP, on_click=_skip)
            st.button("Stop", icon=":material/stop:", key=keys.QUIZ_STOP, on_click=_stop)
        st.toggle("The key N is Next", True, key=keys.QUIZ_KEY, persist_state="session")
    _scroll(key=keys.QUIZ_SCROLL)
    asked = once_sent(quiz.asked if pressed else None)
    if asked is not None and glyph is not None and ink.shown is not None:
        answers = lab.predictor.answers(run, glyph.image[None])
        answer = Answer(run.run_id, answers.epoch, answers.probabilities[0])
        if keep(lab, run, Drawing(glyph, ink.shown, ink.strokes, answer), asked):
            st.session_state[keys.QUIZ] = quiz.answered(answer.digit)
            canvas.clear(canvas.SIDE_PX)
            st.rerun()
    return True


def _start() -> None:
    st.session_state[keys.QUIZ] = new_quiz()
    canvas.clear(canvas.SIDE_PX)


def _clock() -> None:
    """The only part that is redrawn as time goes by; the canvas stays as it is."""
    quiz: Quiz | None = st.session_state.get(keys.QUIZ)
    left_s = quiz.remaining_s(time.time()) if quiz else 0.0
    if quiz is None or not left_s:
        st.rerun()
    left = f"{left_s:.0f} s left" if quiz.ends_s is not None else f"{left_s:.0f} s, from your first stroke on"
    st.progress(min(1.0, left_s / QUIZ_S), text=f"{left}, digit {len(quiz.answers) + 1} of {len(quiz.order)}")


def _skip() -> None:
    quiz: Quiz = st.session_state[keys.QUIZ]
    if quiz.asked is not None:
        st.session_state[keys.QUIZ] = quiz.answered(None)
    canvas.clear(canvas.SIDE_PX)


def _stop() -> None:
    st.session_state[keys.QUIZ] = replace(st.session_state[keys.QUIZ], ends_s=time.time())


def _close() -> None:
    st.session_state[keys.QUIZ] = None


def _result(quiz: Quiz) -> None:
    *digits, (num_drawn, share) = quiz.scores()
    score = f"{share.share * num_drawn:.0f} read right: {interval_text(share)}" if num_drawn else "nothing to score"
    num_skipped = len(quiz.answers) - num_drawn
    skipped = f", {num_skipped} skipped" if num_skipped else ""
    st.markdown(f"**The test is over: {num_drawn} of {len(quiz.order)} drawn{skipped}, {score}.**")
    if num_drawn:
        lines = [
            {"digit": str(digit), "drawn": count, "read right, 95% interval": interval_text(each) if count else "not drawn"}
            for digit, (count, each) in enumerate(digits)
        ]
        st.dataframe(pd.DataFrame(lines), hide_index=True, key=keys.QUIZ_RESULT, width=336)
    with st.container(horizontal=True):
        st.button("Close", icon=":material/close:", key=keys.QUIZ_CLOSE, on_click=_close)
