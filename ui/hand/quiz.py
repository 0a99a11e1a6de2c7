"""Test me: digits are asked for in random order against the clock, so that the drawings are balanced."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.hand import QUIZ_S, Quiz, new_quiz
from core.metrics import interval_text
from core.strokes import Glyph
from core.training.snapshot import RunSnapshot
from ui.frame import POLL_S
from ui.hand.keeping import keep, read_one
from ui.hand.score import a
from ui.session import Lab

_QUIZ = "quiz"
Clear = Callable[[], None]  # empties the canvas


def start_button(clear: Clear) -> None:
    """The press that begins a test."""
    st.button("Test me", icon=":material/timer:", key="quiz-start", on_click=_start, args=(clear,),
              help="Asks for 30 digits, each three times, in two minutes. All of them are kept.")  # fmt: skip


def asked() -> None:
    """Above the canvas: the digit to draw and the time left, or the result of the test that is over; nothing without a test."""
    quiz: Quiz | None = st.session_state.get(_QUIZ)
    # A container even for nothing: an element in another place is a new one to Streamlit, and a new canvas would be empty.
    with st.container(key="quiz"):
        if quiz and quiz.remaining_s(time.time()):
            st.markdown(f"## Draw {a(quiz.order[len(quiz.answers)])}")
            st.fragment(_clock, run_every=POLL_S)()
        elif quiz:
            _result(quiz)


def turn(lab: Lab, run: RunSnapshot, glyphs: list[Glyph], drawn: Any, clear: Clear) -> bool:
    """Under the canvas, in place of all answers, while a test is on: next, skip, stop. False where none is."""
    quiz: Quiz | None = st.session_state.get(_QUIZ)
    if quiz is None or quiz.asked is None or not quiz.remaining_s(time.time()):
        return False
    with st.container(horizontal=True, key="quiz-turn"):
        pressed = st.button("Next", icon=":material/navigate_next:", type="primary", key="quiz-next", disabled=len(glyphs) != 1)
        st.button("Skip", icon=":material/skip_next:", key="quiz-skip", on_click=_skip, args=(clear,))
        st.button("Stop", icon=":material/stop:", key="quiz-stop", on_click=_stop)
    st.caption("Write as you always do. What the network made of it is told at the end.")
    if pressed and len(glyphs) == 1:  # not by a callback, which would miss a stroke that came with the press
        read = read_one(lab, run, glyphs[0].image)
        keep(lab, run, glyphs[0].image, drawn, quiz.asked, read)
        st.session_state[_QUIZ] = quiz.answered(read)
        clear()
        st.rerun()
    return True


def _start(clear: Clear) -> None:
    st.session_state[_QUIZ] = new_quiz(time.time())
    clear()


def _clock() -> None:
    """The only part that is drawn anew as time goes by: the canvas stays as it is."""
    quiz: Quiz | None = st.session_state.get(_QUIZ)
    left_s = quiz.remaining_s(time.time()) if quiz else 0.0
    if quiz is None or not left_s:
        st.rerun()
    st.progress(min(1.0, left_s / QUIZ_S), text=f"{left_s:.0f} s left, digit {len(quiz.answers) + 1} of {len(quiz.order)}")


def _skip(clear: Clear) -> None:
    quiz: Quiz = st.session_state[_QUIZ]
    if quiz.asked is not None:
        st.session_state[_QUIZ] = quiz.answered(None)
    clear()


def _stop() -> None:
    st.session_state[_QUIZ] = replace(st.session_state[_QUIZ], ends_s=time.time())


def _close() -> None:
    st.session_state[_QUIZ] = None


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
        st.dataframe(pd.DataFrame(lines), hide_index=True, key="quiz-result", width=336)
    with st.container(horizontal=True):
        st.button("Close", icon=":material/close:", key="quiz-close", on_click=_close)
