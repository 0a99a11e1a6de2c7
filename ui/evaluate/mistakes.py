"""Every misread image with its ten probabilities, in the order that the person wants; one of them looked at closely."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import streamlit as st

from core import charts
from core.charts import pictures
from core.constants import NUM_CLASSES, SIDE_PX
from core.drawing.diagnosis import RAW, article, glyph_of
from ui import diagnosis
from ui import session_keys as keys
from ui.browser import links
from ui.browser.address import link
from ui.browser.notes import broken
from ui.evaluate.answers import Answers
from ui.evaluate.confusion import cell_picker
from ui.evaluate.neighbours import nearest
from ui.session import Lab, theme
from ui.widgets.plot import plot

NUM_LISTED = 300
_NUM_EPOCHS = 30  # points of the line over the epochs: each costs a file's reading
_ORDERS = {"sure": "Most certain first", "loss": "Highest loss first", "digit": "By true digit"}
_SCALE = 6


def draw(lab: Lab, answers: Answers) -> None:
    """The list, and below it the image that was chosen there."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = links.choice(st.segmented_control, "Order", _ORDERS, key=keys.ORDER, required=True)
        with st.container(width=260):
            cell = cell_picker(answers.scores.table)
    rows = answers.misread(order)
    if not len(rows):
        st.write("There are no errors: every image was read right.")
        return
    if cell:
        rows = rows[(answers.part.labels[rows] == cell[0]) & (answers.predicted[rows] == cell[1])]
    if not len(rows):
        st.write("No such image.")
        return
    listed = rows[:NUM_LISTED]
    more = f" The first {NUM_LISTED} of {len(rows):,}." if len(rows) > NUM_LISTED else ""
    st.caption(
        f"Tick a line on the left for its details; click a column's head to sort by it. The loss is what the answer "
        f"cost in training: the less of its certainty went to the true digit, the more.{more}"
    )
    places = _place_in_link(answers, listed)
    table_of = answers.run.run_id if cell is None else f"{answers.run.run_id} {cell}"
    event = st.dataframe(
        _table(answers.run.run_id, answers.epoch, listed.tolist(), theme(), answers),
        hide_index=True,
        row_height=44,
        height=min(44 * len(listed) + 40, 480),
        key=keys.plot_of("mistakes", table_of),
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": places}},
        column_config={
            "image": st.column_config.ImageColumn("image", width=60),
            "sure": st.column_config.NumberColumn("certainty", format="percent"),
            "true_share": st.column_config.NumberColumn("for the true digit", format="percent"),
            "loss": st.column_config.NumberColumn("loss", format="%.2f"),
            "probabilities": st.column_config.BarChartColumn("the ten probabilities, 0 to 9", y_min=0, y_max=1, width="medium"),
        },
    )
    chosen = [place for place in event.selection.rows if place < len(listed)]
    row = int(listed[chosen[0] if chosen else 0])
    link("image", str(answers.part.rows[row]) if chosen else None)
    _closer(lab, answers, row)
    _why(lab, answers, row)
    if chosen:  # nobody asked for them before, and they take a while
        nearest(lab, answers, row)
    else:
        st.caption("Tick a line above to see the most similar training images.")


def _place_in_link(answers: Answers, listed: np.ndarray) -> list[int]:
    """Where the image of a link stands in the list, by its number in the data set; empty without one."""
    asked = st.query_params.get("image")
    if asked is None:
        return []
    numbers = answers.part.rows[listed].astype(str)
    places = np.flatnonzero(numbers == asked)
    if not len(places) and asked not in answers.part.rows[answers.misread()].astype(str):
        broken("image", asked, "that image is not among the errors of this epoch")
    return [int(place) for place in places]


def _closer(lab: Lab, answers: Answers, row: int) -> None:
    """One image: large, its ten probabilities, and what each epoch made of it."""
    true, read = int(answers.part.labels[row]), int(answers.predicted[row])
    st.header(f"{article(true).capitalize()}, read as {read}")
    picture, bars, epochs = st.columns([1, 2, 2])
    large = pictures.png(pictures.digit(answers.part.images[row], theme(), scale=_SCALE))
    picture.image(large, alt=f"The image, {article(true)}", width="content")
    picture.caption(f"Image {answers.part.rows[row]:,} of the data set.")
    with bars:
        plot(
            charts.probabilities(answers.probabilities[row]),
            key=keys.MISTAKE_BARS,
            alt=f"Ten bars: how sure the network is of each digit for this {true}",
        )
    with epochs:
        last = len(answers.run.epochs)
        if last == 1:
            st.caption("After a second epoch, this shows when the network changed its mind.")
            return
        shown, shares = _over_the_epochs(answers.run.run_id, row, last, lab)
        plot(
            charts.over_the_epochs(shown, shares, true=true, read=read),
            key=keys.MISTAKE_EPOCHS,
            alt="How sure each epoch was of the true digit and of the one that was read",
        )


def _why(lab: Lab, answers: Answers, row: int) -> None:
    """The diagnosis of one image, which is answered as it is; the later stages say what Draw would make of it."""
    glyph = glyph_of(answers.part.images[row])
    if glyph:
        diagnosis.why(lab, answers.run, glyph, (SIDE_PX, SIDE_PX), key=keys.WHY_MISREAD, epoch=answers.epoch, answered=RAW)


@st.cache_data(show_spinner=False, max_entries=64)
def _over_the_epochs(run_id: str, row: int, last: int, _lab: Lab) -> tuple[np.ndarray, np.ndarray]:
    """Epochs (m,) whose answers are still there, and their probabilities (m, 10) for one image."""
    wanted = np.unique(np.linspace(1, last, min(last, _NUM_EPOCHS)).round().astype(int))
    kept = {int(epoch): _lab.store.runs.probabilities(run_id, int(epoch)) for epoch in wanted}
    there = {epoch: answers[row] for epoch, answers in kept.items() if answers is not None}
    return np.array(list(there)), np.array(list(there.values())).reshape(-1, NUM_CLASSES)


@st.cache_data(show_spinner=False, max_entries=16)
def _table(run_id: str, epoch: int, rows: list[int], theme: str, _answers: Answers) -> pd.DataFrame:
    part, probabilities = _answers.part, _answers.probabilities[rows]
    return pd.DataFrame(
        {
            "image": [_address(image, theme) for image in part.images[rows]],
            "true": part.labels[rows],
            "read as": _answers.predicted[rows],
            "sure": probabilities.max(axis=1),
            "true_share": probabilities[np.arange(len(rows)), part.labels[rows]],
            "loss": _answers.losses[rows],
            "probabilities": probabilities.round(4).tolist(),
        }
    )


def _address(image: np.ndarray, theme: str) -> str:
    """The image as a data address, so that a table needs no file per image."""
    return "data:image/png;base64," + base64.b64encode(pictures.png(pictures.digit(image, theme, scale=2))).decode()
