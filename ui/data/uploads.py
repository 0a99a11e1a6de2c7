"""Files of people's own digits: read in the background with progress, put in use, and deleted."""

from __future__ import annotations

from functools import partial
from typing import IO

import streamlit as st

from core import datasets
from core.datasets import kaggle_csv
from core.recipe import UPLOAD_NAME
from core.system.background_jobs import Report
from core.system.settings import upload_mb
from ui import held_recipe
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.polling import show_errors
from ui.session import Lab
from ui.widgets.job_progress import read_file, wait_line


def take_upload(lab: Lab) -> None:
    """Begins to read a file that was just chosen, and puts it in use once it is read. Only before the data field is drawn."""
    uploaded = st.session_state.get(keys.UPLOAD)
    if uploaded is None:
        return
    job = read_file(lab.files, uploaded, keys.UPLOAD_READ, partial(_import, uploaded))
    if job and job.result and st.session_state.get(keys.UPLOAD_USED) != uploaded.file_id:
        st.session_state[keys.UPLOAD_USED] = uploaded.file_id  # once: other data may be chosen while the file stays in its box
        st.session_state[keys.DATASET] = job.result


def upload_box(lab: Lab) -> None:
    """The field for a Kaggle-style train.csv; a bad file is one sentence on the page and changes nothing."""
    uploaded = st.file_uploader(
        "My own digits: a CSV as Kaggle's train.csv",
        type="csv",
        key=keys.UPLOAD,
        max_upload_size=upload_mb(),
        help="A column `label` (0 to 9) and 784 columns `pixel0` to `pixel783` (0 to 255, ink bright), one row per image.",
    )
    if uploaded is None or (job := read_file(lab.files, uploaded, keys.UPLOAD_READ, partial(_import, uploaded))) is None:
        return
    if job.pending:
        wait_line(lab.files, uploaded.file_id, "Reading the file", on_cancel=partial(lab.files.cancel, uploaded.file_id))
    elif job.error:
        st.error(f"{plain(job.error)} The data in use stays in use.")


def delete_button(lab: Lab) -> None:
    """Where the data in use are an upload: the press that removes it for good, after a question."""
    name = held_recipe.held("dataset")
    if not UPLOAD_NAME.fullmatch(name):
        return
    with st.popover("Delete this file", icon=":material/delete:", type="tertiary"):
        num_runs = sum(row.recipe.dataset == name for row in lab.store.runs.all())
        lost = "No run was trained on it."
        if num_runs:
            lost = f"Runs that were trained on it: {num_runs}. They keep figures and networks, but can show none of its images."
        st.write(f"{lost} Only uploading it again brings it back.")
        st.button("Delete it for good", key=keys.DELETE_UPLOAD, on_click=_delete, args=(name,))


def _delete(name: str) -> None:
    with show_errors():
        kaggle_csv.delete(name)
        held_recipe.change(dataset=datasets.first())


def _import(uploaded: IO[bytes], report: Report) -> str:
    """The name of the data set that the file became."""

    def read(share: float) -> None:
        report(share, f"{share:.0%} of it")

    return kaggle_csv.import_train(uploaded, filename=str(uploaded.name), report=read).name
