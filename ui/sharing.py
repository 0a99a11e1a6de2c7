"""A teacher's link to what a page shows, that hides what a class need not see."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from core.recipe import FIELDS, text_form
from ui import session_keys as keys
from ui.browser import hiding
from ui.held_recipe import held_recipe

_OF_A_RECIPE = ("app.py", "pages/train.py", "pages/data.py")


def share(page_path: str) -> None:
    """In the sidebar: the window that makes a class's link."""
    if st.button(
        "Link for a class",
        icon=":material/school:",
        key=keys.CLASS_LINK,
        type="tertiary",
        help="A link to this page that hides what the class need not see.",
    ):
        _for_a_class(page_path)


@st.dialog("A link for a class")
def _for_a_class(page_path: str) -> None:
    """Ticks, and the link that they make. It is built from the address that the page has now."""
    st.write("Tick what the link should hide. It tidies up, it locks nothing: who edits the link sees everything again.")
    names: list[str] = []
    for title, parts in hiding.KINDS.items():
        now = [name for name in parts if hiding.hidden(name)]
        names += st.multiselect(
            title, list(parts), now, format_func=parts.__getitem__, key=keys.hidden_parts(title), placeholder="Nothing is hidden"
        )
    query = {name: value for name, value in st.query_params.to_dict().items() if name not in (hiding.KEY, *FIELDS)}
    if page_path in _OF_A_RECIPE:
        query["recipe"] = text_form.write(held_recipe())
    if names:
        query[hiding.KEY] = ",".join(names)
    st.code(_address(page_path, query), language=None, wrap_lines=True)
    st.caption("Whoever opens it on this server sees this page as you do, without those parts; nothing starts by itself.")


def _address(page_path: str, query: dict[str, str]) -> str:
    parts = urlsplit(st.context.url or "")
    path = "" if page_path == "app.py" else page_path.removeprefix("pages/").removesuffix(".py")
    base = parts.path.rstrip("/") if not path else parts.path.rstrip("/").removesuffix(f"/{path}")
    return f"{parts.scheme}://{parts.netloc}{base}/{path}{'?' if query else ''}{urlencode(query, safe=',:')}"
