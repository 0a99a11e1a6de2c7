"""All drawings with their labels and how the chosen network reads them; deleting, and CSV export and import."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import numpy as np
import streamlit as st

from core.charts import pictures, thumbnails
from core.datasets import kaggle_csv
from core.drawing.labelled import NOT_A_DIGIT, NOT_MINE
from core.errors import DigitLabError, DrawingError
from core.runs.snapshot import RunSnapshot
from core.store import DrawingRow
from ui import claims
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.browser.people import owner
from ui.draw.hand.saving import delete, delete_all, remember, said, undo_button
from ui.hand_score import count_text
from ui.session import Lab, theme
from ui.widgets.pager import first_shown, pager

NUM_AT_ONCE = 24
MAX_ROWS, MOST_MB = 5000, 20  # of an imported file; more is a data set, which has a page of its own
_CELL_PX, _PICTURE_PX = 92, 84
_FILTERS = {"all": "All", "wrong": "Read wrong", **{str(digit): str(digit) for digit in range(10)}}
_ASIDE = {NOT_A_DIGIT: "Not a digit", NOT_MINE: "Not mine"}


def gallery(lab: Lab, run: RunSnapshot) -> None:
    """The drawings that match the filter, newest first, two dozen at a time."""
    hand, drawings = lab.store.drawings.hand(person=owner()), lab.store.drawings.all(person=owner())[::-1]
    if len(drawings):
        read = dict(zip(hand.digests, lab.readings.read(run, run.served_epoch_number, hand).tolist(), strict=True))
        aside = {label: lab.store.drawings.aside(label, person=owner()) for label in _ASIDE}
        filters = _FILTERS | {label: title for label, title in _ASIDE.items() if aside[label]}
        if st.session_state.get(keys.HAND_SHOW) not in filters:  # the last one of its kind was deleted
            st.session_state[keys.HAND_SHOW] = "all"
        wanted = st.pills(
            "Show",
            list(filters),
            format_func=filters.__getitem__,
            required=True,
            key=keys.HAND_SHOW,
            label_visibility="collapsed",
        )
        images = dict(zip(hand.digests, hand.images, strict=True)) | aside[NOT_A_DIGIT] | aside[NOT_MINE]
        drawings = [each for each in drawings if each.digest in images]  # one may have been added just now, in another window
        matching = [each for each in drawings if wanted in ("all", str(each.label)) or (wanted == "wrong" and _wrong(each, read))]
        _cells(lab, matching, images, read)
    else:
        st.write("No drawings yet. Draw a digit above and press its label, or press Test me.")
        undo_button("gallery")
    claims.later(lab)
    _files(lab)


def _wrong(drawing: DrawingRow, read: dict[str, int]) -> bool:
    return drawing.digit is not None and read.get(drawing.digest) != drawing.digit


def _cells(lab: Lab, drawings: list[DrawingRow], images: dict[str, np.ndarray], read: dict[str, int]) -> None:
    first = first_shown(keys.HAND, len(drawings), NUM_AT_ONCE)
    shown = drawings[first : first + NUM_AT_ONCE]
    if not len(shown):
        st.write("None of your drawings match.")
    with st.container(horizontal=True, key=keys.HAND_GALLERY):
        for drawing in shown:
            _cell(lab, drawing, images[drawing.digest], read.get(drawing.digest))
    with st.container(horizontal=True, vertical_alignment="center"):
        undo_button("gallery")
        pager(keys.HAND, len(drawings), NUM_AT_ONCE)
        st.button(
            f"Delete all {count_text(len(images))}" if len(images) > 1 else "Delete my drawing",
            key=keys.DELETE_DRAWINGS,
            type="tertiary",
            icon=":material/delete:",
            on_click=delete_all,
            args=(lab,),
            help="They can be put back by one press until you reload the page.",
        )


def _cell(lab: Lab, drawing: DrawingRow, image: np.ndarray, read: int | None) -> None:
    with st.container(width=_CELL_PX, gap="xsmall", key=keys.drawing_cell(drawing.drawing_id)):
        picture = _picture(drawing.digest, theme(), drawing.picture, image)
        if drawing.digit is None:
            st.image(picture, width=_PICTURE_PX, alt=f"A drawing that is {said(drawing.aside)}")
            st.markdown(f"**{_ASIDE[drawing.aside]}**")
        else:
            st.image(picture, width=_PICTURE_PX, alt=f"Your drawing of {said(drawing.digit)}")
            st.markdown(f"**{drawing.digit}**" + ("" if read == drawing.digit else f", read as **{read}**"))
        st.button(
            "Delete",
            key=keys.delete_drawing(drawing.drawing_id),
            type="tertiary",
            icon=":material/delete:",
            on_click=delete,
            args=(lab, drawing.drawing_id),
        )


def _take_out(lab: Lab, digests: Collection[str], person: str) -> None:
    lab.store.drawings.delete_many(digests, person=person)
    st.session_state.pop(keys.HAND_IMPORT, None)


def _files(lab: Lab) -> None:
    hand = lab.store.drawings.hand(person=owner())
    if len(hand):
        num_aside = lab.store.drawings.count(person=owner()) - len(hand)
        st.download_button(
            f"Save {count_text(len(hand))} as CSV",
            partial(kaggle_csv.write_labelled, hand.images, hand.digits),
            "my-hand.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=keys.HAND_CSV,
            help="As Kaggle's train.csv: label, pixel0 to pixel783, ink 255. The pen's strokes are not in it.",
        )
        if num_aside:
            st.caption(f"The file holds your digits alone, without {count_text(num_aside)} kept as not a digit or not mine.")
    st.file_uploader(
        "Add drawings from a CSV",
        type="csv",
        key=keys.HAND_UPLOAD,
        on_change=_take,
        args=(lab,),
        max_upload_size=MOST_MB,
        help="A column `label` (0 to 9) and 784 columns `pixel0` to `pixel783` (0 to 255, ink bright), one row per drawing.",
    )
    good, text = st.session_state.get(keys.HAND_IMPORT, (True, ""))
    if text:
        (st.success if good else st.error)(text)


def _take(lab: Lab) -> None:
    uploaded = st.session_state[keys.HAND_UPLOAD]
    st.session_state[keys.HAND_IMPORT] = (True, "")
    if uploaded is None:
        return
    try:
        images, digits = kaggle_csv.read_labelled(uploaded, title=uploaded.name)
        if not 0 < len(digits) <= MAX_ROWS:
            raise DrawingError(f"{uploaded.name} has {len(digits):,} drawings; expected 1 to {MAX_ROWS:,}.")
        done = lab.store.drawings.add_many(images, digits, person=owner())
    except DigitLabError as error:
        st.session_state[keys.HAND_IMPORT] = (False, f"{plain(str(error))} Nothing was added; your drawings are as they were.")
        return
    if done.new:
        back = partial(_take_out, lab, done.new, owner())
        remember(f"Take back {count_text(len(done.new))}", back, "Removes the drawings that came with the file.")
    text = f"{count_text(len(done.new))} added."
    if done.num_known:
        text += f" {count_text(done.num_known)} were there already."
    if done.num_other_label:
        text += f" {done.num_other_label} of them have another label in the file; yours stay."
    st.session_state[keys.HAND_IMPORT] = (True, text)


@st.cache_data(show_spinner=False, max_entries=512)
def _picture(digest: str, theme: str, _picture: bytes, _image: np.ndarray) -> bytes:
    if _picture:
        return thumbnails.shown(_picture, theme)
    return pictures.png(pictures.digit(_image, theme, scale=_PICTURE_PX // 28))
