"""A data set made from others: which, with which weights, what an epoch will use of them, and the press that merges them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core import datasets
from core.datasets import merged
from core.datasets.merged import MOST_PARTS, MOST_WEIGHT, Part
from core.errors import DigitLabError
from core.system.background_jobs import Report
from ui import held_recipe
from ui import session_keys as keys
from ui.browser.notes import plain
from ui.polling import show_errors
from ui.session import Lab
from ui.widgets.job_progress import wait_line

_KEPT, _USED = "for validation, about", "used in an epoch, about"
_HELP = (
    "A weight says how often an epoch uses each training image of a set. The validation images are each used once, whatever the "
    "weight, so scores stay honest. Copies of an image count as one image, with their weights added up: none is on both "
    "sides of the split."
)


def take_merged(lab: Lab) -> None:
    """Puts a set in use that was just merged. Only before the data field is drawn."""
    asked = st.session_state.get(keys.MERGE_ASKED)
    if asked and (job := lab.files.look(_key(asked))) and job.result:
        st.session_state[keys.MERGE_ASKED] = None
        st.session_state[keys.DATASET] = job.result
        lab.files.cancel(_key(asked))  # merged again, it is done again
        st.rerun()  # the sidebar, which is drawn already, names the data


def merge_block(lab: Lab) -> None:
    """The choice of the sets and their weights, and the press."""
    titles = dict(datasets.unmerged())
    with st.expander("Merge sets", icon=":material/merge:", key=keys.MERGE), show_errors():
        st.session_state[keys.MERGE_SETS] = [name for name in st.session_state.get(keys.MERGE_SETS, ()) if name in titles]
        chosen = st.multiselect(
            "Sets to merge",
            list(titles),
            key=keys.MERGE_SETS,
            format_func=titles.__getitem__,
            max_selections=MOST_PARTS,
            placeholder="Choose two or more",
            persist_state="session",
            help=_HELP,
        )
        with st.container(horizontal=True):
            parts = [Part(name, _weight(name, titles[name])) for name in chosen]
        if len(parts) < 2:
            st.caption(
                "For example MNIST once and your own class five times: a network that reads your class and still reads others."
            )
        else:
            _preview(parts, titles)
        asked = st.session_state.get(keys.MERGE_ASKED)
        job = lab.files.look(_key(asked)) if asked else None
        if asked and job and job.pending:
            wait_line(lab.files, _key(asked), "Merging", on_cancel=partial(lab.files.cancel, _key(asked)))
            return
        if job and job.error:
            st.error(plain(job.error))
        ready = len(parts) >= 2
        st.button(
            "Merge them",
            icon=":material/merge:",
            key=keys.MERGE_PRESS,
            on_click=_merge,
            args=(lab, parts, titles),
            disabled=not ready,
        )


def _weight(name: str, title: str) -> int:
    return int(
        st.number_input(f"Weight of {title}", 1, MOST_WEIGHT, 1, key=keys.merge_weight(name), persist_state="session", width=260)
    )


def _preview(parts: Sequence[Part], titles: dict[str, str]) -> None:
    """What each set gives: its images, those kept for validation, and what an epoch uses. Copies are found only in merging."""
    share = held_recipe.held("validation_share")
    sizes = [datasets.num_images(part.name) for part in parts]
    there = (1 - share) * sum(sizes)
    some = (1 - share) * min(1.0, (held_recipe.held("training_images") or there) / there)
    used = [round(some * size) * part.weight for size, part in zip(sizes, parts, strict=True)]
    lines = {
        "set": [titles[part.name] for part in parts] + ["together"],
        "images": [*sizes, sum(sizes)],
        "weight": [*(f"{part.weight} x" for part in parts), ""],
        _KEPT: [*(round(share * size) for size in sizes), round(share * sum(sizes))],
        _USED: [*used, sum(used)],
        "share of an epoch": [*(f"{each / sum(used):.0%}" for each in used), "100%"],
    }
    numbers = {name: st.column_config.NumberColumn(format="localized") for name in ("images", _KEPT, _USED)}
    st.dataframe(
        pd.DataFrame(lines), hide_index=True, key=keys.MERGE_FRAME, column_config=numbers, alt="What each of the sets gives"
    )


def _merge(lab: Lab, parts: Sequence[Part], titles: dict[str, str]) -> None:
    asked = tuple(parts)
    st.session_state[keys.MERGE_ASKED] = asked
    title = " + ".join(titles[part.name] if part.weight == 1 else f"{part.weight} x {titles[part.name]}" for part in parts)
    lab.files.start(_key(asked), partial(_keep, asked, title), again=True)


def _key(parts: tuple[Part, ...]) -> tuple[str, tuple[Part, ...]]:
    return "merge", parts


def _keep(parts: tuple[Part, ...], title: str, report: Report) -> str:
    """The name of the merged set, which is kept once it has been loaded."""
    report(0.0, "looking for copies")
    name = merged.keep(parts, title)
    try:
        datasets.load(name)
    except DigitLabError:
        merged.delete(name)
        raise
    return name
