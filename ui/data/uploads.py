"""Files of people's own digits: read in the background, looked at before they are believed, put in use, and deleted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from core import datasets
from core.charts import pictures
from core.datasets import forms, merged, uploads
from core.datasets.forms import Found, Reading
from core.recipe import MERGED_NAME, UPLOAD_NAME
from core.store import starter
from core.system.background_jobs import Job, Report
from core.system.settings import upload_mb
from ui import held_recipe
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.polling import show_errors
from ui.session import Lab, theme
from ui.widgets.job_progress import read_file, wait_line

_NUM_PICTURED = 12
_BRIGHT, _DARK = "bright on dark", "dark on bright"
_LABELS = {"as they are": "as they are", "10 stands for 0": "1 to 10, 10 stands for 0", "one less": "1 to 10, each one less"}
_HELP = (
    "Tables (CSV, TSV, Parquet), arrays (npz, npy, IDX, Matlab), or pictures in folders named by their digit; packed or not. "
    "Several files that belong together go in one drop."
)


@dataclass(frozen=True, eq=False)
class _Read:
    """What files hold, and the name of the data set that they have become: empty until somebody has said how they are read."""

    found: Found
    name: str


def take_upload(lab: Lab) -> None:
    """Begins to read files that were just chosen, and puts them in use where nothing is to be asked. Only before the data field
    is drawn.
    """
    if (job := _job(lab)) and job.result and job.result.name and _use(job.result.name):
        st.rerun()  # the sidebar, which is drawn already, names the data


def upload_box(lab: Lab) -> None:
    """The field for files of any form. Bad ones are one sentence on the page and change nothing."""
    st.file_uploader(
        "My own digits: any file of them",
        accept_multiple_files=True,
        key=keys.UPLOAD,
        max_upload_size=upload_mb(),
        help=_HELP,
    )
    if (job := _job(lab)) is None:
        return
    if job.pending:
        wait_line(lab.files, _ids(), "Reading", on_cancel=partial(lab.files.cancel, _ids()))
    elif job.error:
        st.error(f"{plain(job.error)} The data in use stays in use.")


def look_block(lab: Lab) -> None:
    """What was found in the files, before and after, and the press that takes it; nothing where nothing is to be asked."""
    job = _job(lab)
    if job is None or job.result is None or job.result.name or st.session_state.get(keys.UPLOAD_USED) == _ids():
        return
    found = job.result.found
    if st.session_state.get(keys.UPLOAD_PROPOSED) != _ids():
        st.session_state[keys.UPLOAD_PROPOSED] = _ids()
        st.session_state[keys.UPLOAD_LIE] = found.proposed.orientation
        st.session_state[keys.UPLOAD_INK] = _DARK if found.proposed.inverted else _BRIGHT
        st.session_state[keys.UPLOAD_LABELS] = found.proposed.labels
    with st.container(border=True, key=keys.UPLOAD_LOOK), show_errors():
        st.header(f"A look at {plain(found.title)}", anchor=False)
        st.write(f"**Found:** {plain(found.sentence)}.")
        st.write(_advice(found))
        chosen = _chosen(found)
        before, after, labels = forms.sample(found, chosen, _NUM_PICTURED)
        titles = [str(label) for label in labels]
        for column, words, shown in zip(st.columns(2), ("In the file", "As they will be read"), (before, after), strict=True):
            column.markdown(f"**{words}**")
            sheet = pictures.png(pictures.grid(shown, titles, theme(), columns=6))
            column.image(sheet, width="stretch", alt=f"{words}: {len(shown)} images with their labels")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Take it",
                type="primary",
                icon=":material/check:",
                key=keys.UPLOAD_TAKE,
                on_click=_take,
                args=(lab, found, chosen),
            )
            st.button("Leave it", type="tertiary", key=keys.UPLOAD_LEAVE, on_click=_leave, args=(lab,))


def delete_button(lab: Lab) -> None:
    """Where the data in use are an upload, or merged from others: the press that removes them for good, after a question."""
    name = held_recipe.held("dataset")
    is_merged = bool(MERGED_NAME.fullmatch(name))
    if not is_merged and not UPLOAD_NAME.fullmatch(name):
        return
    label = "Delete this merged set" if is_merged else "Delete this file"
    with st.popover(label, icon=":material/delete:", type="tertiary"):
        num_runs = sum(row.recipe.dataset == name for row in lab.store.runs.all())
        lost = "No run was trained on it."
        if num_runs:
            lost = f"Runs that were trained on it: {num_runs}. They keep figures and networks, but can show none of its images."
        if num_sets := sum(any(part.name == name for part in each.parts) for each in merged.all_kept().values()):
            lost += f" Merged sets that are made of it, and cannot be used without it: {num_sets}."
        back = "Its parts stay. Merging them again with the same weights" if is_merged else "Only uploading it again"
        st.write(f"{lost} {back} brings it back.")
        st.button("Delete it for good", key=keys.DELETE_UPLOAD, on_click=_delete, args=(name,))


def _chosen(found: Found) -> Reading:
    """The reading that the three lists say."""
    lie, ink, labels = st.columns(3)
    orientation = lie.selectbox("How the images lie", list(forms.ORIENTATIONS), key=keys.UPLOAD_LIE)
    inked = ink.selectbox("Ink", [_BRIGHT, _DARK], key=keys.UPLOAD_INK)
    meaning = labels.selectbox("Labels", list(forms.LABEL_MAPS), key=keys.UPLOAD_LABELS, format_func=_LABELS.__getitem__)
    as_found = found.proposed if found.proposed.inverted == (inked == _DARK) else found.proposed.other_ink()
    return Reading(orientation, as_found.paper, as_found.ink, meaning)


def _advice(found: Found) -> str:
    asked = f"{found.agreement:.0%} of {found.num_asked} labels"
    if not found.known:
        return (
            f"The starter network reads only {asked} in these images under any reading that it tried, so it cannot tell how they "
            "lie. Compare the pictures with their labels, and change what is wrong."
        )
    return f"Read so, the starter network agrees with {asked}. Compare the pictures with their labels, then take it."


def _ids() -> str:
    return " ".join(each.file_id for each in st.session_state.get(keys.UPLOAD) or ())


def _job(lab: Lab) -> Job[_Read] | None:
    """How far the reading of the chosen files is; None where there are none, or it was cancelled."""
    chosen = st.session_state.get(keys.UPLOAD)
    return read_file(lab.files, _ids(), keys.UPLOAD_READ, partial(_read, lab, chosen)) if chosen else None


def _read(lab: Lab, chosen: list[Any], report: Report) -> _Read:
    def read(share: float) -> None:
        report(share, f"{share:.0%} of it")

    run = starter.network()
    called = str(chosen[0].name) if len(chosen) == 1 else f"{len(chosen)} files"
    given = [(str(each.name), each) for each in chosen]
    found = forms.look(given, uploads.title(called), lab.predictor.reader(run) if run else None, read)
    return _Read(found, _keep(found, found.proposed) if found.sure else "")


def _keep(found: Found, chosen: Reading) -> str:
    images, labels = forms.take(found, chosen)
    words = "; ".join(chosen.words())
    return uploads.keep(images, labels, filename=found.title, found=found.form, reading=words, groups=found.raw.groups).name


def _take(lab: Lab, found: Found, chosen: Reading) -> None:
    with show_errors():
        _use(_keep(found, chosen))
        lab.files.cancel(_ids())  # its values are in memory


def _leave(lab: Lab) -> None:
    lab.files.cancel(_ids())


def _use(name: str) -> bool:
    """Once: other data may be chosen while the files stay in their box. Whether it was this time."""
    if st.session_state.get(keys.UPLOAD_USED) == _ids():
        return False
    st.session_state[keys.UPLOAD_USED] = _ids()
    st.session_state[keys.DATASET] = name
    return True


def _delete(name: str) -> None:
    with show_errors():
        datasets.delete(name)
        held_recipe.change(dataset=datasets.first())
