"""The confusion matrix, whose cells open their images, and the figures of each digit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core import charts, metrics
from ui import session_keys as keys
from ui.browser.address import link
from ui.browser.notes import broken
from ui.evaluate.answers import Answers
from ui.session import Lab, theme
from ui.widgets.image_sheet import image_sheet
from ui.widgets.linked_select import choice_list, choose
from ui.widgets.plot import plot

NUM_SHOWN = 25
_ALL = "all"


def draw(lab: Lab, answers: Answers) -> None:
    """The matrix, beside it the misread images or those of the chosen cell, below it the digits' table."""
    table = answers.scores.table
    view = st.segmented_control(
        "Show",
        charts.CONFUSION_VIEWS,
        default=charts.CONFUSION_VIEWS[0],
        required=True,
        key=keys.CONFUSION_VIEW,
        bind="query-params",
        persist_state="session",
    )
    matrix, images = st.columns([3, 2])
    with images:
        chosen = _cell_picker(table)
        _images_of(answers, chosen)
    with matrix:
        plot(
            charts.confusion(table, view, theme(), chosen=chosen),
            key=keys.plot_of("confusion", answers.run.run_id),
            on_click=_take_cell,
            alt="Confusion matrix: rows true digits, columns digits read",
        )
    _digit_table(answers.scores)


def _take_cell(read: str, true: str) -> None:
    choose(keys.CELL, (int(true), int(read)))


def _cell_picker(table: np.ndarray) -> tuple[int, int] | None:
    """The confusions, most frequent first: the same choice as a click on a cell, by keyboard."""
    if keys.CELL not in st.session_state:
        _take_from_link(len(table))
    errors = table.copy()
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")
    cells = [divmod(int(place), len(table)) for place in order if errors.flat[place]]
    chosen = st.session_state.get(keys.CELL, _ALL)
    options = [_ALL, *cells]
    if chosen not in options:
        options.append(chosen)
    choice_list(
        "Show the images of a cell",
        options,
        chosen,
        lambda cell: "all errors" if cell == _ALL else f"{cell[0]} read as {cell[1]}: {table[cell]}",
        keys.CELL,
        help="The same as a click on the matrix.",
    )
    link(keys.CELL, None if chosen == _ALL else f"{chosen[0]}-{chosen[1]}")
    return None if chosen == _ALL else chosen


def _take_from_link(num_digits: int) -> None:
    """ "cell=4-9": the fours that were read as nines."""
    asked = st.query_params.get(keys.CELL)
    if asked is None:
        return
    true, _, read = asked.partition("-")
    if all(each.isdecimal() and int(each) < num_digits for each in (true, read)):
        st.session_state[keys.CELL] = (int(true), int(read))
    else:
        broken(keys.CELL, asked, "it is written like 4-9, for fours that were read as nines")


def _digit_table(scores: metrics.Scores) -> None:
    rows = [
        {
            "digit": score.digit,
            "images": score.support,
            "errors": score.errors,
            "read right (recall), 95% interval": metrics.interval_text(score.recall) if score.support else "no image",
            "right when it says so (precision)": f"{score.precision:.1%}",
            "F1": f"{score.f1:.3f}",
        }
        for score in scores.digits
    ]
    with st.expander("**Digit by digit**", expanded=True, key=keys.DIGIT_TABLE):
        st.dataframe(pd.DataFrame(rows), hide_index=True, key=keys.DIGIT_FRAME)


def _images_of(answers: Answers, chosen: tuple[int, int] | None) -> None:
    """The images of one cell, or all that were misread, the surest first, one sheet at a time."""
    labels, predicted = answers.part.labels, answers.predicted
    wanted = predicted != labels if chosen is None else (labels == chosen[0]) & (predicted == chosen[1])
    rows = answers.surest_first(np.flatnonzero(wanted))
    st.header("Errors" if chosen is None else f"A {chosen[0]}, read as {chosen[1]}")
    if not len(rows):
        st.write("No such image.")
        return
    turned = keys.sheet(chosen)
    begin = st.session_state.get(turned, 0) % -(-len(rows) // NUM_SHOWN) * NUM_SHOWN
    shown = rows[begin : begin + NUM_SHOWN]
    image_sheet(answers.part.images[shown], answers.titles(shown))
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(rows) > NUM_SHOWN:
            st.button("Next", icon=":material/navigate_next:", key=keys.NEXT_SHEET, on_click=_turn, args=(turned,))
        place = f"{begin + 1:,} to {begin + len(shown):,} of {len(rows):,}" if len(rows) > NUM_SHOWN else f"{len(rows):,}"
        st.caption(f"{place}, the most certain first: the true digit, the answer, and its certainty.")


def _turn(key: str) -> None:
    st.session_state[key] = st.session_state.get(key, 0) + 1
