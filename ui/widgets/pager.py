"""A long list, some items at a time, with Previous and Next."""

from __future__ import annotations

import streamlit as st

from ui import session_keys as keys


def first_shown(name: str, num_items: int, at_once: int) -> int:
    """The place of the first item to show: where the person has turned to, as far as the list still reaches."""
    last = max(num_items - 1, 0) // at_once * at_once
    return min(int(st.session_state.get(keys.pager_first(name), 0)), last)


def pager(name: str, num_items: int, at_once: int) -> None:
    """Previous and Next, and between them which page is shown; nothing where there is one page."""
    if num_items <= at_once:
        return
    first = first_shown(name, num_items, at_once)
    num_pages = -(-num_items // at_once)
    _turn_button(name, "Previous", ":material/chevron_left:", first - at_once, disabled=not first)
    st.caption(f"Page {first // at_once + 1:,} of {num_pages:,}", width="content")
    _turn_button(name, "Next", ":material/chevron_right:", first + at_once, disabled=first + at_once >= num_items)


def _turn_button(name: str, label: str, icon: str, first: int, *, disabled: bool) -> None:
    key = keys.pager_button(name, label)
    st.button(label, icon=icon, key=key, disabled=disabled, on_click=_turn, args=(name, first))


def _turn(name: str, first: int) -> None:
    st.session_state[keys.pager_first(name)] = first
