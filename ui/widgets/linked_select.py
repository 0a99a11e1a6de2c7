"""A list whose choice can also be made elsewhere, by a press on a chart, on a page that is drawn again and again.

The choice lives in the session's state under its own name, not in the list: a page that polls may still send what the list said
before the press, and would undo it. The browser also says a choice by its words; where these change with the next epoch, the
old words come back as plain text. So a list is a new one after each press and for each new set of words, and only the newest is
heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ui import session_keys as keys


def choose(name: str, choice: Any) -> None:
    """Makes `choice` the one that holds under `name`, and the list that says so a new one. For a callback."""
    st.session_state[name] = choice
    st.session_state[keys.list_now(name)] = None  # the old list may speak in this very run
    st.session_state[keys.list_turn(name)] = st.session_state.get(keys.list_turn(name), 0) + 1


def choice_list(label: str, options: Sequence[Any], choice: Any, words: Callable[[Any], str], name: str, *, help: str) -> None:
    """Draws the list with `choice` chosen; what a person chooses in it stands under `name` in the session's state."""
    said = tuple(map(words, options))
    key = keys.list_widget(name, st.session_state.get(keys.list_turn(name), 0), hash(said))
    st.session_state[keys.list_now(name)] = key

    def take() -> None:
        # An old list's value may come back as news.
        if st.session_state[keys.list_now(name)] == key and st.session_state[key] in options:
            st.session_state[name] = st.session_state[key]

    st.selectbox(label, options, index=options.index(choice), format_func=words, key=key, help=help, on_change=take)
