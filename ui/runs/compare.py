"""The chosen runs beside each other: curves, figures, recipes, and whether the best is really better."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core import charts
from core.runs import comparison_table
from core.runs.snapshot import RunSnapshot
from core.runs.summary import RunSummary
from ui import session_keys as keys
from ui.browser import links
from ui.browser.notes import plain
from ui.session import Lab
from ui.widgets.plot import plot

_MEASURES = {"accuracy": "Accuracy", "loss": "Loss"}


def compare(lab: Lab, chosen: Sequence[RunSummary]) -> None:
    """The curves of one run; of more, up to MOST, their figures and recipes as well."""
    rows = chosen[: comparison_table.MOST]
    if len(rows) > 1:
        st.header(f"{len(rows)} runs side by side")
    if len(chosen) > len(rows):
        st.caption(f"{len(chosen)} runs are chosen; the first {len(rows)} of them are compared.")
    with_epochs = [lab.studio.snapshot(row.run_id) for row in rows if row.num_epochs]
    if with_epochs:
        _curves(with_epochs)
    if len(rows) < 2:
        return
    st.table(_frame(rows, comparison_table.figures(rows), "figure"))
    if not comparison_table.comparable(rows):
        st.caption("They were scored on different images, so no accuracy is called the best: compare only runs on the same data.")
    elif len(with_epochs) >= 2:
        _versus_link(rows)
    st.subheader("Recipes")
    every = st.toggle(
        "All fields",
        key=keys.ALL_FIELDS,
        bind="query-params",
        persist_state="session",
        help="Off: only the fields in which the recipes differ.",
    )
    fields = comparison_table.recipes(rows, every=every)
    if fields:
        st.table(_frame(rows, fields, "field"))
    else:
        st.write("Their recipes are the same in every field.")


def _curves(runs: Sequence[RunSnapshot]) -> None:
    measure, smoothing = st.columns([1, 2], vertical_alignment="bottom")
    with measure:
        what = links.choice(st.segmented_control, "Curve", _MEASURES, key=keys.CURVE, required=True)
    memory = smoothing.slider(
        "Smoothing",
        0.0,
        0.95,
        0.0,
        0.05,
        key=keys.SMOOTHING,
        bind="query-params",
        persist_state="session",
        help="Each point is a running mean: the share that the epochs before keep of it.",
    )
    names = ", ".join(run.name for run in runs)
    plot(
        charts.overlaid(runs, what, memory=memory),
        key=keys.plot_of("compare", what),
        zoom=True,
        alt=f"Validation {what} over the epochs: {names}",
    )
    if what == "loss" and len({run.recipe.label_smoothing for run in runs}) > 1:
        st.caption("They were trained with different label smoothing, which is part of the loss: compare their accuracy alone.")


def _frame(rows: Sequence[RunSummary], lines: Sequence[comparison_table.TableLine], corner: str) -> pd.DataFrame:
    """One column for each run, one line for each figure or field; the best is bold. `corner` names the lines."""
    texts = [[f"**{text}**, best" if place in line.best else text for place, text in enumerate(line.texts)] for line in lines]
    labels = pd.Index([line.label for line in lines], name=corner)
    return pd.DataFrame(texts, index=labels, columns=[plain(row.name) for row in rows])


def _versus_link(rows: Sequence[RunSummary]) -> None:
    """The page that answers whether the best two really differ."""
    best, second = sorted((row for row in rows if row.best), key=lambda row: -row.best.val_accuracy if row.best else 0.0)[:2]
    links.to_page(
        "evaluate",
        f"Is {best.name} really better than {second.name}?",
        ":material/balance:",
        run=best.handle,
        view="versus",
        other=second.handle,
    )
