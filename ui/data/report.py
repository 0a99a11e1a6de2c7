"""The report on the data set: a line for each thing that is wrong with it, and a press that shows its images below."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from core import datasets
from core.datasets import Dataset, checks
from core.datasets.validation import validation_part
from core.errors import DataError
from core.evaluation import closer_look, data_report
from core.evaluation.closer_look import CloserLook
from core.evaluation.data_report import AT_ONCE, CLOSER, KINDS, Finding
from core.system.background_jobs import Job
from core.training.closer_looks import begins_by_itself
from ui import held_recipe, recipe_form
from ui import session_keys as keys
from ui.browser import links
from ui.browser.address import link
from ui.browser.notes import plain
from ui.polling import show_errors
from ui.session import Lab
from ui.widgets.job_progress import wait_line
from ui.words import duration

_ALL = "all"
_AT_ONCE_S = 0.3  # a look at a few images is over before a line about it could be seen
_ICONS = {
    "labels": "label_off",
    "conflicts": "rule",
    "test": "school",
    "across": "call_split",
    "copies": "content_copy",
    "near": "filter_none",
    "blank": "check_box_outline_blank",
    "cut": "crop",
    "outliers": "scatter_plot",
    "rare": "balance",
}


def split_by_group(dataset: Dataset) -> None:
    """Where the data tell who wrote each image: the switch that keeps whole writers or groups for validation."""
    if dataset.groups is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        recipe_form.field("split_by_group")
        st.caption(f"{len(np.unique(dataset.groups)):,} writers or groups in this data set.", width="content")


def chosen_finding(lab: Lab, dataset: Dataset) -> Finding | None:
    """Draws the report; gives the finding whose images are to be shown, None for all images."""
    look = lab.closer_looks.found(dataset.name)
    job = None
    if look is None:
        job = _job(lab, dataset)
        look = job.result if job else None
    found = data_report.findings(dataset, checked(dataset.name), look, _validation_rows())
    chosen = _choice(dataset, found, waiting=look is None)
    if chosen:
        st.caption(chosen.meaning)
    _foot(lab, dataset, found, look, job)
    return chosen


@st.cache_data(show_spinner="Checking the data", max_entries=8)
def checked(name: str) -> checks.DatasetReport:
    """What can be told of the data set without a network."""
    return checks.report(datasets.load(name))


def _choice(dataset: Dataset, found: list[Finding], *, waiting: bool) -> Finding | None:
    """What is chosen of the findings; it stands in the address bar."""
    if st.session_state.get(keys.FOUND_IN, dataset.name) != dataset.name:
        st.session_state[keys.FOUND] = _ALL  # other data have other findings
        link(keys.FOUND, None)
    st.session_state[keys.FOUND_IN] = dataset.name
    titles = {_ALL: "All images"} | {each.kind: f":material/{_ICONS[each.kind]}: {each.sentence}" for each in found}
    asked = st.query_params.get(keys.FOUND)
    if asked in KINDS and asked not in titles:  # a link to what is not there, or not yet
        titles[asked] = (
            f":material/{_ICONS[asked]}: {KINDS[asked]}: {'not looked for yet' if waiting and asked not in AT_ONCE else 'none'}"
        )
    if len(titles) == 1:
        return None
    kind = links.choice(st.pills, "What was found", titles, key=keys.FOUND, required=True, label_visibility="collapsed")
    return next((each for each in found if each.kind == kind), None)


def _foot(lab: Lab, dataset: Dataset, found: list[Finding], look: CloserLook | None, job: Job[CloserLook] | None) -> None:
    """What is not wrong, in one line; and how far the closer look is, or the press that begins it."""
    absent = data_report.not_found(found, look)
    told = f"Not found: {', '.join(absent)}." if absent else ""
    if told := f"{told} {data_report.not_judged(look) if look else ''}".strip():
        st.caption(told)
    if look is not None:
        return
    if job and job.pending:
        cancel = partial(lab.closer_looks.cancel, dataset.name)
        wait_line(lab.closer_looks.jobs, dataset.name, "Looking closer", on_cancel=cancel)
        return
    if job and job.error:
        st.error(plain(job.error), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Look closer",
            icon=":material/search:",
            key=keys.LOOK_CLOSER,
            on_click=_start,
            args=(lab, dataset.name),
        )
        takes = duration(closer_look.expected_s(len(dataset)))
        st.caption(f"For {', '.join(CLOSER.values())}: about {takes} on two cores. It gives way while a run trains.")


def _start(lab: Lab, name: str) -> None:
    with show_errors():
        lab.closer_looks.start(name)


def _job(lab: Lab, dataset: Dataset) -> Job[CloserLook] | None:
    """How far the closer look is; one that takes a moment begins by itself, once."""
    looks = lab.closer_looks
    if begins_by_itself(len(dataset)) and st.session_state.get(keys.LOOK_BEGUN) != dataset.name:
        st.session_state[keys.LOOK_BEGUN] = dataset.name
        if looks.job(dataset.name) is None:
            looks.start(dataset.name)
        return looks.jobs.wait(dataset.name, _AT_ONCE_S)
    return looks.job(dataset.name)


def _validation_rows() -> np.ndarray | None:
    try:
        return validation_part(held_recipe.held_recipe()).rows
    except DataError:  # too few images for a split, which Train says
        return None
