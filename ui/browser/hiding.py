"""What a teacher's link hides: `hide=kaggle,presets` in the address bar, kept from page to page. It tidies up, it locks
nothing.
"""

from __future__ import annotations

import streamlit as st

from ui import session_keys as keys
from ui.browser.notes import broken

# Name in the link -> what it takes away.
PAGES = {
    "data": "Data",
    "train": "Train",
    "evaluate": "Evaluate",
    "draw": "Draw",
    "runs": "Runs",
    "kaggle": "Kaggle",
}
TRAIN = {
    "presets": "Presets",
    "source": "Values of the data",
    "network": "Values of the network",
    "learning": "Values of learning",
    "augmentation": "Values of augmentation",
    "advanced": "Advanced values",
    "rates": "The learning rate over the run",
    "layers": "The table of layers",
}
RUNS = {
    "delete": "Deleting runs, and the bin",
    "boards": "The leaderboards and challenges",
}
ELSEWHERE = {
    "links": "Copy link, and this window",
}
KINDS = {"Pages": PAGES, "On Train": TRAIN, "On Runs": RUNS, "Everywhere": ELSEWHERE}
PARTS = {name: title for parts in KINDS.values() for name, title in parts.items()}
KEY = keys.HIDE  # also its name in the address bar


def hidden(name: str) -> bool:
    """Whether the link hides a part; `name` is one of PARTS."""
    return name in st.session_state.get(KEY, ())


def take() -> None:
    """Reads the address bar, once for each page that is opened, and puts back what a change of page took out of it."""
    if KEY in st.query_params:
        names = [each for each in st.query_params[KEY].split(",") if each]
        for name in names:
            if name not in PARTS:
                broken(KEY, name, f"what can be hidden is: {', '.join(PARTS)}")
        st.session_state[KEY] = tuple(dict.fromkeys(name for name in names if name in PARTS))
    now = ",".join(st.session_state.get(KEY, ()))
    if now != st.query_params.get(KEY, ""):
        st.query_params[KEY] = now


def query(**others: str) -> dict[str, str]:
    """The query of a link to another page, which hides the same."""
    names = st.session_state.get(KEY, ())
    return others | ({KEY: ",".join(names)} if names else {})
