"""The table of runs: which of them, in which order, and which are chosen. All of that stands in the address bar."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from core import datasets
from core.metrics import interval_text, wilson
from core.runs.listing import ORDERS, STATES, differences_text, listed, parameters
from core.runs.summary import RunSummary, find
from ui.browser import links
from ui.browser.address import link
from ui.browser.notes import broken
from ui.session import Lab
from ui.words import BEST_EPOCH

_CHOSEN, _SHOWN, _STAR = "chosen", "runs-shown", "star-press"
_ROW_PX, _MOST_ROWS = 35, 14
_COLUMNS = {
    "star": "",
    "name": st.column_config.TextColumn("run", pinned=True, width=112),
    "accuracy": st.column_config.NumberColumn("accuracy", format="%g%%", help=f"On validation images. {BEST_EPOCH}"),
    "interval": st.column_config.TextColumn("95% interval", width=96),
    "apart": st.column_config.TextColumn("differs in", width=160, help="From the preset that is nearest."),
    "tags": st.column_config.ListColumn("tags", width=110),
    "seconds": st.column_config.NumberColumn("seconds", format="localized", help="Of work, pauses left out."),
    "parameters": st.column_config.NumberColumn("parameters", format="localized"),
    "hand": st.column_config.TextColumn("my hand", help="How many drawings of your own hand it reads right, with interval."),
    "state": "state",
    "epochs": "epochs",
    "when": st.column_config.DatetimeColumn("when", format="D MMM HH:mm"),
    "data": "data",
    "note": st.column_config.TextColumn("note", width="medium"),
}


def filters(rows: Sequence[RunSummary]) -> list[RunSummary]:
    """The runs that the person wants to see, in their order."""
    words, state, order = st.columns([2, 1, 1], vertical_alignment="bottom")
    text = words.text_input(
        "Find", key="find", type="search", placeholder="name, tag or note", bind="query-params", persist_state="session"
    )
    with state:
        in_state = links.choice(st.selectbox, "State", {name: title for name, (title, _) in STATES.items()}, key="state")
    with order:
        by = links.choice(st.selectbox, "Order", {name: title for name, (title, _) in ORDERS.items()}, key="sort")
    starred = st.toggle("Only with a star", key="starred", bind="query-params", persist_state="session")
    shown = listed(rows, words=text or "", state=in_state, starred=starred, order=by)
    if len(shown) < len(rows):
        st.caption(f"{len(shown):,} of {len(rows):,} runs.")
    return shown


def chosen(rows: Sequence[RunSummary]) -> list[RunSummary]:
    """The runs that are chosen, here or by link, in the order in which they were; those that are gone are no longer."""
    asked = st.query_params.get(_CHOSEN)
    if asked is not None:
        names = [each for each in asked.split(",") if each]
        found = {name: find(rows, name) for name in names}
        for name in (name for name, row in found.items() if row is None):
            broken(_CHOSEN, name, "there is no such run here")
        st.session_state[_CHOSEN] = [row.run_id for row in found.values() if row]
    by_id = {row.run_id: row for row in rows}
    kept = [by_id[run_id] for run_id in st.session_state.get(_CHOSEN, ()) if run_id in by_id]
    choose(kept)
    return kept


def choose(rows: Sequence[RunSummary]) -> None:
    """Makes these the chosen runs."""
    st.session_state[_CHOSEN] = [row.run_id for row in rows]
    link(_CHOSEN, ",".join(row.handle for row in rows) or None)


def table(lab: Lab, shown: Sequence[RunSummary], taken: Sequence[RunSummary]) -> None:
    """The runs to choose from, `taken` being chosen. A press on a star sets it or takes it away."""
    ids = [row.run_id for row in shown]
    places = [ids.index(row.run_id) for row in taken if row.run_id in ids]
    # Rows are chosen by their place, so another list is another table.
    key = f"runs-{zlib.crc32(' '.join(ids).encode()):08x}"
    st.session_state[_SHOWN] = key

    def take() -> None:
        if st.session_state[_SHOWN] != key:
            return
        now = [shown[place] for place in st.session_state[key].selection.rows if place < len(shown)]
        before = _stay(taken, ids, now)
        choose([*before, *(row for row in now if row not in before)])

    def star() -> None:
        row = shown[st.session_state[_STAR].row]
        lab.store.annotations.change(row.run_id, starred=not row.starred)

    frame = pd.DataFrame([_line(row) for row in shown], columns=list(_COLUMNS))
    frame = frame[[name for name in frame if _says(frame[name])]]
    stars = st.column_config.ButtonColumn("", type="tertiary", on_click=star, key=_STAR, width=44, help="Star")
    st.dataframe(
        frame,
        hide_index=True,
        key=key,
        height=_ROW_PX * (min(len(shown), _MOST_ROWS) + 1) + 3,
        column_config={**_COLUMNS, "star": stars},
        placeholder="",
        on_select=take,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": places}},
        alt="All runs, one in a line",
    )


def _stay(taken: Sequence[RunSummary], ids: Sequence[str], now: Sequence[RunSummary]) -> list[RunSummary]:
    """Those that stay chosen: still ticked, or not on the list that is shown."""
    return [row for row in taken if row in now or row.run_id not in ids]


def _says(column: pd.Series) -> bool:
    """Whether anything stands in a column: one that is empty takes room for nothing."""
    return any(len(value) > 0 if isinstance(value, str | list) else pd.notna(value) for value in column)


def _line(row: RunSummary) -> dict[str, object]:
    interval = row.interval(row.best)
    share, _, between = interval_text(interval).partition("% (") if interval else ("", "", "")
    return {
        "star": "\N{BLACK STAR}" if row.starred else "\N{WHITE STAR}",
        "name": row.name,
        "accuracy": float(share) if share else None,
        "interval": between.rstrip(")"),
        "apart": differences_text(row.recipe),
        "seconds": round(row.active_s),
        "parameters": parameters(row.recipe),
        "hand": interval_text(wilson(*row.hand)) if row.hand else "",
        "state": row.state,
        "epochs": f"{row.num_epochs}/{row.recipe.epochs}",
        "tags": list(row.tags),
        "note": row.note,
        "data": datasets.title(row.recipe.dataset),
        "when": datetime.fromtimestamp(row.created),
    }
