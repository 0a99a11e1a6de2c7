"""What is chosen stands in the address bar, so that a link shows somebody else the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ui.browser import hiding
from ui.browser.address import link
from ui.browser.notes import broken


def choice(widget: Callable[..., Any], label: str, titles: Mapping[str, str], *, key: str, **settings: Any) -> str:
    """Draws a selectbox, pills or the like with the keys of `titles`; the first one holds unless the address bar, or else the
    person before, says otherwise. `key` is also its name in the address bar.
    """
    otherwise = next(iter(titles))
    asked = st.query_params.get(key)
    if asked is not None and asked not in titles:
        broken(key, asked, f"it must be one of: {', '.join(titles)}")
    wanted = (asked, st.session_state.get(key), otherwise)
    st.session_state[key] = next(each for each in wanted if each in titles)

    def keep() -> None:
        now = st.session_state[key]
        link(key, None if now == otherwise else now)

    widget(label, list(titles), format_func=titles.__getitem__, key=key, persist_state="session", on_change=keep, **settings)
    keep()
    return str(st.session_state[key])


def to_page(name: str, label: str, icon: str, **query: str) -> None:
    """A link to a page, with a choice that it should show; nothing where the page is hidden."""
    if not hiding.hidden(name):
        st.page_link(f"pages/{name}.py", label=label, icon=icon, query_params=hiding.query(**query) or None)
