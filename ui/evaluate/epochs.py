"""Which epoch Evaluate shows: a slider, and a press that plays them one after the other."""

from __future__ import annotations

import streamlit as st

from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser.address import link
from ui.browser.notes import broken
from ui.words import BEST_EPOCH

_NEWEST = "newest"  # in the place of a training run's last epoch, so that a slider left there follows the run


def playing() -> bool:
    """Whether the epochs are being played, so that the page has to be drawn again and again."""
    return bool(st.session_state.get(keys.PLAYING))


def epoch_choice(run: RunSnapshot) -> int:
    """The epoch to show: the one that answers for the run, unless the person moved the slider away or plays the epochs."""
    served = run.served_epoch_number or 1
    last = len(run.epochs)
    if last == 1:
        return 1
    key = keys.epoch(run.run_id)
    if key not in st.session_state:
        _take_from_link(key, last)
    options = [*range(1, last), _NEWEST] if run.active else list(range(1, last + 1))
    otherwise = _NEWEST if run.active else served
    now = st.session_state.get(key)
    if now not in options:  # it has begun or ended meanwhile, or was never moved
        st.session_state[key] = _NEWEST if run.active and now == last else otherwise
    _go_on(key, options)
    best = run.best_epoch.epoch if run.best_epoch else 0
    choice = st.select_slider(
        "Epoch",
        options,
        value=otherwise,
        key=key,
        help=f"{'Newest follows the run. ' if run.active else ''}{BEST_EPOCH}",
        format_func=lambda each: f"{each}, best" if each == best else str(each),
    )
    _play_button(key)
    if not playing():
        link("epoch", None if choice == otherwise else str(choice))
    return last if choice == _NEWEST else int(str(choice))


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
    if st.button(label, key=keys.PLAY_EPOCHS, icon=icon, help="Shows one epoch after the other."):
        st.session_state[keys.PLAYING] = None if playing() else key
        st.session_state[keys.REWIND] = playing()
        st.rerun()  # the whole page: only it can start and stop the clock


def _go_on(key: str, options: list[int | str]) -> None:
    """While playing: the first epoch, then the next at each drawing; ends at the last, or where another run was chosen."""
    if not playing():
        return
    if st.session_state.pop(keys.REWIND, False):
        st.session_state[key] = options[0]
        return
    place = options.index(st.session_state[key])
    if st.session_state[keys.PLAYING] != key or place + 1 >= len(options):
        st.session_state[keys.PLAYING] = None
        st.rerun()
    st.session_state[key] = options[place + 1]
