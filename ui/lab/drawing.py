"""The Lab's canvas, and what the network that answers reads on it, epoch by epoch while it trains."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from core.constants import NUM_CLASSES
from core.drawing.labelled import digest_of
from core.drawing.preprocessing import read_digit
from core.runs.snapshot import RunSnapshot
from core.store import starter
from ui import session_keys as keys
from ui.browser import links
from ui.canvas import canvas
from ui.lab.subject import answering, called, shown
from ui.session import Lab

_NUM_EPOCHS_SHOWN = 12


def drawing(lab: Lab) -> None:
    """Canvas and answer, side by side."""
    st.header("Draw a digit", anchor=False)
    with st.container(horizontal=True, gap="small", key=keys.LAB_HAND):
        with st.container(key=keys.LAB_BOARD):
            image = canvas.written(canvas.SIDE_PX, "lab", few_tools=True).image
        with st.container(key=keys.LAB_ANSWER):
            run = answering(lab, shown(lab))
            if run is None:
                st.caption("Train a network first: it answers from its first epoch on.")
            else:
                _answer(lab, run, image)


def _answer(lab: Lab, run: RunSnapshot, image: np.ndarray | None) -> None:
    glyph = read_digit(image) if image is not None else None
    who = called(run) if run.run_id == starter.RUN_ID else f"{run.name}, epoch {run.served_epoch_number}"
    if glyph is None:
        st.html(_html(np.zeros(NUM_CLASSES), f"{who} answers while you draw.", []))
        return
    drawn, at = digest_of(glyph.image), (run.run_id, run.served_epoch_number)
    kept_drawn, rows = st.session_state.get(keys.LAB_READ, ("", {}))
    if kept_drawn != drawn:
        rows = {}
    if at not in rows:  # while a run trains, the page is drawn again and again
        answers = lab.predictor.answers(run, glyph.image[None])
        rows = rows | {(run.run_id, answers.epoch): answers.probabilities[0]}
        at = run.run_id, answers.epoch
        st.session_state[keys.LAB_READ] = drawn, rows
    over_epochs = [(epoch, row) for (run_id, epoch), row in rows.items() if run_id == run.run_id]
    st.html(_html(rows[at], who, over_epochs[-_NUM_EPOCHS_SHOWN:]))
    links.to_page("draw", "Wrong? Label it", ":material/new_label:", run=run.run_id)


def _html(row: np.ndarray, who: str, over_epochs: list[tuple[int, np.ndarray]]) -> str:
    """The answer in large type with ten bars, and what the epochs before it read."""
    digit, sure = int(row.argmax()), float(row.max())
    bars = "".join(
        f"<li title='{each}: {share:.1%}'{' class=read' if sure and each == digit else ''}>"
        f"<i style='height:{100 * share:.1f}%'></i><span>{each}</span></li>"
        for each, share in enumerate(row.astype(float))
    )
    head = f"<b>{digit}</b><span>{sure:.1%}</span>" if sure else "<b>?</b>"
    before = "".join(
        f"<span title='epoch {epoch}: {int(each.argmax())}, {each.max():.1%}' style='opacity:{0.35 + 0.65 * each.max():.2f}'>"
        f"{int(each.argmax())}</span>"
        for epoch, each in over_epochs
    )
    past = f"<p class=lab-epochs>By epoch {before}</p>" if len(over_epochs) > 1 else ""
    return (
        f"<div class=lab-read role=status><p class=lab-digit>{head}</p><ol>{bars}</ol></div>"
        f"<p class=lab-small>{escape(who)}</p>{past}"
    )
