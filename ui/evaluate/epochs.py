"""Which epoch Evaluate shows: a slider, and a press that plays them one after the other."""

from __future__ import annotations

import streamlit as st

from core.runs.snapshot import RunSnapshot
from ui.browser.address import link
from ui.browser.notes import broken
from ui.words import BEST_EPOCH

_SERVED = "served"  # an option of its own, so that a slider left alone follows the run while it trains


def playing() -> bool:
    """Whether the epochs are being played, so that the page has to be drawn again and again."""
    return bool(st.session_state.get("playing"))


def epoch_choice(run: RunSnapshot) -> int:
    """The epoch to show: the one that answers for the run, unless the person moved the slider away or plays the epochs."""
    served = run.served_epoch_number or 1
    last = len(run.epochs)
    if last == 1:
        return 1
    key = f"epoch-{run.run_id}"
    if key not in st.session_state:
        _take_from_link(key, last)
    _go_on(key, last)
    names = {epoch: _epoch_name(run, epoch) for epoch in range(1, last + 1)}
    words = f"{'newest' if run.active else 'best'}, epoch {served}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choice = st.select_slider(
            "Epoch",
            [_SERVED, *names],
            key=key,
            help=BEST_EPOCH,
            format_func=lambda each: words if each == _SERVED else names[each],
        )
        _play_button(key)
    if not playing():
        link("epoch", None if choice == _SERVED else str(choice))
    return served if choice == _SERVED else int(choice)


def _take_from_link(key: str, last: int) -> None:
    asked = st.query_params.get("epoch")
    if asked is None:
        return
    if asked.isdecimal() and 1 <= int(asked) <= last:
        st.session_state[key] = int(asked)
    else:
        broken("epoch", asked, f"it must be a number from 1 to {last}")


def _play_button(key: str) -> None:
    label, icon = ("Pause", ":material/pause:") if playing() else ("Play", ":material/play_arrow:")
    if st.button(label, key="play-epochs", icon=icon, help="Shows one epoch after the other, two a second."):
        st.session_state["playing"] = None if playing() else key
        st.session_state["rewind"] = playing()
        st.rerun()  # the whole page: only it can start and stop the clock


def _go_on(key: str, last: int) -> None:
    """While playing: the first epoch, then the next at each drawing; ends at the last, or where another run was chosen."""
    if not playing():
        return
    if st.session_state.pop("rewind", False):
        st.session_state[key] = 1
        return
    now = st.session_state.get(key, _SERVED)
    if st.session_state["playing"] != key or now == _SERVED or now >= last:
        st.session_state["playing"] = None
        st.rerun()
    st.session_state[key] = now + 1


def _epoch_name(run: RunSnapshot, epoch: int) -> str:
    best = run.best_epoch and run.best_epoch.epoch == epoch
    return f"{epoch}{' (best)' if best else ''}{', cut short' if run.epochs[epoch - 1].partial else ''}"
