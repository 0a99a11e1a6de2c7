"""Suspicious images, some at a time, each with the verdict that a person gives on its label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.charts import pictures
from core.store import VERDICTS
from ui.session import Lab, theme

NUM_AT_ONCE = 12
_CELL_PX, _IMAGE_PX = 205, 168  # four beside each other on a desk


@dataclass(frozen=True, eq=False)
class Doubt:
    """An image (28, 28) whose label is doubted, its row in the data set, and a network's ten probabilities for it."""

    row: int
    image: np.ndarray
    label: int
    probabilities: np.ndarray


def judge(lab: Lab, dataset: str, doubts: list[Doubt], verdicts: dict[int, str]) -> None:
    """The doubts, a dozen at a time, with a choice of verdict under each; a second press on a verdict takes it back."""
    if not doubts:
        st.success("No label is suspicious.", icon=":material/check:")
        return
    num_judged = sum(doubt.row in verdicts for doubt in doubts)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.progress(num_judged / len(doubts), text=f"{num_judged} of {len(doubts)} judged", width=240)
        st.button(
            "Undo",
            icon=":material/undo:",
            key="undo-verdict",
            disabled=not verdicts,
            on_click=_undo,
            args=(lab, dataset),
            help="Takes the newest verdict back.",
        )
    first = min(st.session_state.get("suspects-first", 0), (len(doubts) - 1) // NUM_AT_ONCE * NUM_AT_ONCE)
    shown = doubts[first : first + NUM_AT_ONCE]
    with st.container(horizontal=True, key="suspects"):
        for doubt in shown:
            _cell(lab, dataset, doubt, verdicts.get(doubt.row))
    if len(shown) < len(doubts):
        with st.container(horizontal=True, vertical_alignment="center"):
            _turn_button("Back", ":material/chevron_left:", first - NUM_AT_ONCE, disabled=not first)
            st.caption(f"{first + 1}\N{EN DASH}{first + len(shown)} of {len(doubts)}")
            _turn_button("More", ":material/chevron_right:", first + NUM_AT_ONCE, disabled=first + len(shown) == len(doubts))


def _turn_button(label: str, icon: str, first: int, *, disabled: bool) -> None:
    st.button(label, icon=icon, key=f"suspects-{label.lower()}", disabled=disabled, on_click=_turn, args=(first,))


def _turn(first: int) -> None:
    st.session_state["suspects-first"] = first


def _cell(lab: Lab, dataset: str, doubt: Doubt, verdict: str | None) -> None:
    read = int(doubt.probabilities.argmax())
    key = f"verdict-{dataset}-{doubt.row}"
    if st.session_state.get(key) != verdict:  # the record is the truth: another tab may have judged, or undone
        st.session_state[key] = verdict
    with st.container(width=_CELL_PX, gap="xsmall"):
        st.image(_picture(dataset, doubt.row, theme(), doubt.image), width=_IMAGE_PX, alt=f"Image {doubt.row} of the data set")
        agrees = " too" if read == doubt.label else ""
        st.markdown(f"Label **{doubt.label}**, read as **{read}**{agrees}, {doubt.probabilities[read]:.0%} sure")
        st.segmented_control(
            f"Verdict on image {doubt.row}",
            VERDICTS,
            format_func=str.capitalize,
            key=key,
            label_visibility="collapsed",
            on_change=_keep,
            args=(lab, dataset, doubt.row, key),
        )


def _keep(lab: Lab, dataset: str, row: int, key: str) -> None:
    verdict = st.session_state[key]
    if verdict is None:
        lab.store.verdicts.delete(dataset, row)
    else:
        lab.store.verdicts.save(dataset, row, verdict)


def _undo(lab: Lab, dataset: str) -> None:
    *_, newest = lab.store.verdicts.of(dataset)
    lab.store.verdicts.delete(dataset, newest)


@st.cache_data(show_spinner=False, max_entries=256)
def _picture(dataset: str, row: int, theme: str, _image: np.ndarray) -> bytes:
    return pictures.png(pictures.digit(_image, theme, scale=_IMAGE_PX // 28))
