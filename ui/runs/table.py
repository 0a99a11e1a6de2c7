"""The table of runs: which of them, in which order, and which are chosen. All of that stands in the address bar."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from statistics import quantiles
from typing import Any

import pandas as pd
import streamlit as st

from core import datasets
from core.metrics import share_text, wilson
from core.runs.listing import ORDERS, STATES, differences, listed, parameters, shortened
from core.runs.summary import RunSummary, find
from ui import session_keys as keys
from ui.browser import links
from ui.browser.address import link
from ui.browser.notes import broken
from ui.runs.details import open_run
from ui.session import Lab
from ui.words import BEST_EPOCH

_ROW_PX, _MOST_ROWS = 35, 14
_CHIPS_PX, _CHARACTER_PX = 330, 6.2
_FLOORS_PERCENT = (95, 90, 80, 50, 0)  # where the small curves may begin: from 0 on, good ones would all be flat
_COLUMNS: dict[str, Any] = {
    "accuracy": st.column_config.NumberColumn("accuracy", format="%g%%", help=f"On validation images. {BEST_EPOCH}"),
    "person": st.column_config.TextColumn("by", help="Who started it."),
    "state": st.column_config.TextColumn("state", help="Empty for a run that has finished; else the epochs that are done."),
    "apart": st.column_config.ListColumn(
        "what differs",
        width=_CHIPS_PX,
        help="From the preset that is nearest. All of it is on the run's page.",
    ),
    "seconds": st.column_config.NumberColumn("seconds", format="localized", help="Of work, pauses left out."),
    "parameters": st.column_config.NumberColumn("parameters", format="localized"),
    "hand": st.column_config.NumberColumn("my hand", format="%g%%", help="How many drawings of your own hand it reads right."),
    "when": st.column_config.DatetimeColumn("when", format="D MMM HH:mm"),
    "data": "data",
    "tags": st.column_config.ListColumn("tags", width=110),
    "note": st.column_config.TextColumn("note", width="medium"),
}


def filters(rows: Sequence[RunSummary]) -> list[RunSummary]:
    """The runs that the person wants to see, in their order."""
    words, state, order = st.columns([2, 1, 1], vertical_alignment="bottom")
    text = words.text_input(
        "Find", key=keys.FIND, type="search", placeholder="name, tag or note", bind="query-params", persist_state="session"
    )
    with state:
        in_state = links.choice(st.selectbox, "State", {name: title for name, (title, _) in STATES.items()}, key=keys.STATE)
    with order:
        by = links.choice(st.selectbox, "Order", {name: title for name, (title, _) in ORDERS.items()}, key=keys.SORT)
    starred = st.toggle("Only with a star", key=keys.STARRED, bind="query-params", persist_state="session")
    shown = listed(rows, words=text or "", state=in_state, starred=starred, order=by)
    if len(shown) < len(rows):
        st.caption(f"{len(shown):,} of {len(rows):,} runs.")
    return shown


def chosen(rows: Sequence[RunSummary]) -> list[RunSummary]:
    """The runs that are chosen, here or by link, in the order in which they were; those that are gone are no longer."""
    asked = st.query_params.get(keys.CHOSEN)
    # What this page wrote itself may name runs that are gone: no link's fault.
    if asked is not None and asked != st.session_state.get(keys.CHOSEN_LINKED):
        names = [each for each in asked.split(",") if each]
        found = {name: find(rows, name) for name in names}
        for name in (name for name, row in found.items() if row is None):
            broken(keys.CHOSEN, name, "there is no such run here")
        st.session_state[keys.CHOSEN] = [row.run_id for row in found.values() if row]
    by_id = {row.run_id: row for row in rows}
    kept = [by_id[run_id] for run_id in st.session_state.get(keys.CHOSEN, ()) if run_id in by_id]
    choose(kept)
    return kept


def choose(rows: Sequence[RunSummary]) -> None:
    """Makes these the chosen runs."""
    st.session_state[keys.CHOSEN] = [row.run_id for row in rows]
    text = ",".join(row.handle for row in rows)
    st.session_state[keys.CHOSEN_LINKED] = text
    link(keys.CHOSEN, text or None)


def table(lab: Lab, shown: Sequence[RunSummary], taken: Sequence[RunSummary]) -> None:
    """The runs to choose from, `taken` being chosen. A press on a name opens the run, one on a star sets it or takes it away."""
    ids = [row.run_id for row in shown]
    places = [ids.index(row.run_id) for row in taken if row.run_id in ids]
    # Rows are chosen by their place, so another list is another table.
    key = keys.run_table(zlib.crc32(" ".join(ids).encode()))
    st.session_state[keys.RUNS_SHOWN] = key

    def take() -> None:
        if st.session_state[keys.RUNS_SHOWN] != key:
            return
        now = [shown[place] for place in st.session_state[key].selection.rows if place < len(shown)]
        before = _stay(taken, ids, now)
        choose([*before, *(row for row in now if row not in before)])

    def star() -> None:
        row = shown[st.session_state[keys.STAR_PRESS].row]
        lab.store.annotations.change(row.run_id, starred=not row.starred)

    def open_it() -> None:
        open_run(shown[st.session_state[keys.NAME_PRESS].row])

    floor = _floor(shown)
    frame = pd.DataFrame([_line(row, floor) for row in shown], columns=["star", "name", "curve", *_COLUMNS])
    if len({row.recipe.dataset for row in shown}) < 2:
        frame = frame.drop(columns="data")
    frame = frame[[name for name in frame if _says(frame[name])]]
    stars = st.column_config.ButtonColumn("star", type="tertiary", on_click=star, key=keys.STAR_PRESS, width=44, help="Star")
    names = st.column_config.ButtonColumn(
        "run",
        type="tertiary",
        on_click=open_it,
        key=keys.NAME_PRESS,
        pinned=True,
        alignment="left",
        width=112,
        help="Opens the run's own page.",
    )
    under = " What is below stands at the bottom." if floor else ""
    curves = st.column_config.LineChartColumn(
        "curve",
        width=90,
        y_min=floor,
        y_max=100,
        help=f"Validation accuracy after each epoch, from {floor}% to 100%.{under}",
    )
    st.dataframe(
        frame,
        hide_index=True,
        key=key,
        height=_ROW_PX * (min(len(shown), _MOST_ROWS) + 1) + 3,
        column_config={**_COLUMNS, "star": stars, "name": names, "curve": curves},
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


def _floor(rows: Sequence[RunSummary]) -> int:
    """The accuracy in percent at which the small curves begin: the same for all, and below three quarters of their points."""
    points = [100 * share for row in rows for share in row.accuracies]
    quartile = quantiles(points, n=4)[0] if len(points) > 1 else 0.0
    return next(each for each in _FLOORS_PERCENT if each <= quartile)


def _line(row: RunSummary, floor: int) -> dict[str, object]:
    interval = row.interval(row.best)
    return {
        "star": "\N{BLACK STAR}" if row.starred else "\N{WHITE STAR}",
        "name": row.name,
        "curve": [round(max(100 * share, floor), 2) for share in row.accuracies],
        "accuracy": _number(share_text(interval)) if interval else None,
        "person": row.person,
        "state": _state(row),
        "apart": shortened(differences(row.recipe), round(_CHIPS_PX / _CHARACTER_PX)),
        "seconds": round(row.active_s),
        "parameters": parameters(row.recipe),
        "hand": _number(share_text(wilson(*row.hand))) if row.hand else None,
        "when": datetime.fromtimestamp(row.created),
        "data": datasets.title(row.recipe.dataset),
        "tags": list(row.tags),
        "note": row.note,
    }


def _number(share: str) -> float:
    """98.3 of "98.3%": as many decimals as the interval allows, in a column that sorts by value."""
    return float(share.rstrip("%"))


def _state(row: RunSummary) -> str:
    """Empty for a run that has finished, as most have."""
    epochs = f"{row.num_epochs} of {row.recipe.epochs}"
    if row.state == "finished":
        return ""
    if row.state == "queued":
        return "waits" if not row.num_epochs else f"waits, {epochs}"
    if row.active:
        return f"{'paused' if row.state == 'paused' else 'trains'}, {epochs}"
    return f"{row.state}, {epochs}" if row.num_epochs else row.state
