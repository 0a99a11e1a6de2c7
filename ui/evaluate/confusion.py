"""The confusion matrix, whose cells open their images; the figures of each digit."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import streamlit as st

from core import charts, metrics
from core.drawing.diagnosis import article
from ui import session_keys as keys
from ui.browser.address import link
from ui.browser.notes import broken
from ui.evaluate.answers import Answers, Read
from ui.hand_score import hand_line
from ui.session import Lab, theme
from ui.widgets.image_sheet import image_sheet
from ui.widgets.linked_select import choice_list, choose
from ui.widgets.plot import plot
from ui.words import why_best

NUM_SHOWN = 20
_ALL = "all"
_LATE_S = 3.0
_DIGIT_COLUMNS = {
    "recall": st.column_config.NumberColumn("read right", format="%.1f%%", help="Recall: of the images that show this digit."),
    "interval": st.column_config.TextColumn("95% interval"),
    "precision": st.column_config.NumberColumn(
        "right when read", format="%.1f%%", help="Precision: of the images that were read as this digit."
    ),
    "f1": st.column_config.NumberColumn("F1", format="%.1f%%", help="The harmonic mean of the two."),
}


def draw(lab: Lab, answers: Answers) -> None:
    """The matrix with its images; below, how one's own hand is read, and the figures of each digit."""
    matrix(answers, _in_words(answers))
    hand_line(lab, answers.run, answers.epoch)
    digit_by_digit(answers)


def matrix(read: Read, words: str) -> None:
    """The matrix with `words` under it, and beside it the misread images or those of the chosen cell."""
    table = read.scores.table
    squares, images = st.columns([3, 2], gap="medium")
    with images:
        chosen = cell_picker(table)
        _images_of(read, chosen)
    with squares:
        place = st.container()  # above the choice of what its cells say, but drawn by it
        view = st.pills(
            "What the cells say",
            charts.CONFUSION_VIEWS,
            default=charts.CONFUSION_VIEWS[0],
            required=True,
            key=keys.CONFUSION_VIEW,
            bind="query-params",
            persist_state="session",
            label_visibility="collapsed",
            wrap=True,
        )
        st.caption(words)
    with place:
        plot(
            charts.confusion(table, view, theme(), chosen=chosen),
            key=keys.plot_of("confusion", f"{read.run.run_id}-{read.of}"),
            on_click=_take_cell,
            alt="Confusion matrix: rows true digits, columns digits read",
        )


def _in_words(answers: Answers) -> str:
    """Where it is worst; for a run that has ended also why its best epoch is the best."""
    run, best = answers.run, answers.run.best_epoch
    if run.active or best is None or len(run.epochs) < 2:
        return answers.scores.worst
    text, final = answers.scores.worst, run.epochs[-1]
    if final.epoch != answers.epoch:
        text += f" Epoch {final.epoch}, the last, reads {final.val_accuracy:.1%}."
    if line := why_best(run):
        text += f" {line}"
    return text


def _take_cell(read: str, true: str) -> None:
    choose(keys.CELL, (int(true), int(read)))


def cell_picker(table: np.ndarray) -> tuple[int, int] | None:
    """The cell whose images are shown, as (true digit, answer); None for all errors. Draws the list of the confusions, most
    frequent first: the same choice as a click on a cell, by keyboard.
    """
    written, before, at_s = st.session_state.get(keys.CELL_LINKED, (None, None, 0.0))
    asked = st.query_params.get(keys.CELL)
    # What this page wrote itself is no link; a look that was asked for just before a press still brings what stood there then.
    if asked != written and not (asked == before and time.monotonic() - at_s < _LATE_S):
        _take_from_link(len(table))
    chosen = st.session_state.get(keys.CELL, _ALL)
    options = [_ALL, *metrics.confusions(table)]
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
    text = None if chosen == _ALL else f"{chosen[0]}-{chosen[1]}"
    if text != written:
        st.session_state[keys.CELL_LINKED] = (text, written, time.monotonic())
    link(keys.CELL, text)
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


def digit_by_digit(read: Read) -> None:
    """A table of each digit's figures."""
    st.header("Digit by digit")
    rows = [
        {
            "digit": score.digit,
            "images": score.support,
            "errors": score.errors,
            "recall": 100 * score.recall.share if score.support else None,
            "interval": metrics.range_text(score.recall) if score.support else "no image",
            "precision": 100 * score.precision,
            "f1": 100 * score.f1,
        }
        for score in read.scores.digits
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, key=keys.DIGIT_FRAME, column_config=_DIGIT_COLUMNS, alt="The figures of each digit"
    )


def _images_of(read: Read, chosen: tuple[int, int] | None) -> None:
    """The images of one cell, or all that were misread, the surest first, one sheet at a time."""
    labels, predicted = read.part.labels, read.predicted
    wanted = predicted != labels if chosen is None else (labels == chosen[0]) & (predicted == chosen[1])
    rows = read.surest_first(np.flatnonzero(wanted))
    st.header("Errors" if chosen is None else f"{article(chosen[0]).capitalize()}, read as {chosen[1]}")
    if not len(rows):
        st.write("No such image.")
        return
    turned = keys.sheet(chosen)
    begin = st.session_state.get(turned, 0) % -(-len(rows) // NUM_SHOWN) * NUM_SHOWN
    shown = rows[begin : begin + NUM_SHOWN]
    image_sheet(read.part.images[shown], read.titles(shown))
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(rows) > NUM_SHOWN:
            st.button("Next", icon=":material/navigate_next:", key=keys.NEXT_SHEET, on_click=_turn, args=(turned,))
        place = f"{begin + 1:,} to {begin + len(shown):,} of {len(rows):,}" if len(rows) > NUM_SHOWN else f"{len(rows):,}"
        st.caption(f"{place}, the most certain first: the true digit, the answer, and its certainty.")


def _turn(key: str) -> None:
    st.session_state[key] = st.session_state.get(key, 0) + 1
