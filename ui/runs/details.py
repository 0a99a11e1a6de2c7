"""What is said of a run, and what can be done with it: on its own page, and beside the table for one that is ticked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core import datasets
from core.network.export import keras_file
from core.recipe import Recipe
from core.runs.listing import from_published
from core.runs.paths import weights_path
from core.runs.snapshot import RunSnapshot
from core.runs.summary import RunSummary
from ui import session_keys as keys
from ui.browser import links
from ui.browser.address import link
from ui.browser.notes import plain
from ui.held_recipe import hold
from ui.polling import show_errors
from ui.run_control.continuing import ancestry, branch_popover, go_on_button, longer_popover
from ui.session import Lab

RUN = "run"  # in the address bar: the run whose own page is open
_COLORS = {"finished": "green", "failed": "red", "stopped": "orange", "interrupted": "orange"}


def open_run(row: RunSummary) -> None:
    """Opens a run's own page. For a callback."""
    link(RUN, row.handle)


def closer(lab: Lab, chosen: Sequence[RunSummary], rows: Sequence[RunSummary]) -> None:
    """The run to look at more closely, of those that are ticked, with all that can be done with it."""
    row = chosen[0]
    if len(chosen) > 1:
        by_handle = {each.handle: each for each in chosen}
        titles = {handle: each.name for handle, each in by_handle.items()}
        row = by_handle[links.choice(st.pills, "Look closer at", titles, key=keys.CLOSER, required=True)]
    with st.container(border=True):
        run = lab.studio.snapshot(row.run_id)
        st.header(row.name, anchor=False)
        head(lab, row, run, rows)
        chips(row.recipe)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                f"Open {row.name}",
                icon=":material/open_in_full:",
                key=keys.details("open", row.run_id),
                on_click=open_run,
                args=(row,),
            )
            actions(lab, row, run)
            go_on_button(lab, run, row.run_id)


def head(lab: Lab, row: RunSummary, run: RunSnapshot, rows: Sequence[RunSummary]) -> None:
    """State, data, time and tags in a line; the presses for star, name, tags and note; where it comes from; its note."""
    state = "training" if run.active and run.state != "queued" else run.state
    said = [f":{_COLORS.get(run.state, 'blue')}-badge[{state}]", plain(datasets.title(row.recipe.dataset))]
    said += [datetime.fromtimestamp(row.created).strftime("%d %b %Y, %H:%M"), *([plain(row.person)] if row.person else [])]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(" · ".join(said) + "".join(f" :gray-badge[{plain(tag)}]" for tag in row.tags), width="content")
        label, icon = ("Take the star away", ":material/star:") if row.starred else ("Star", ":material/star_border:")
        st.button(label, icon=icon, key=keys.details("star", row.run_id), type="tertiary", on_click=_star, args=(lab, row))
        if st.button("Name, tags, note", icon=":material/edit:", key=keys.details("edit", row.run_id), type="tertiary"):
            _edit(lab, row)
    if line := ancestry(row, {each.run_id: each.name for each in rows}):
        st.caption(line)
    if row.note:
        st.text(row.note)


def chips(recipe: Recipe) -> None:
    """In what the recipe differs from the published one, a chip for each field."""
    texts = from_published(recipe)
    if not texts:
        st.write("The 2018 recipe, to the letter.")
        return
    st.caption("What differs from the 2018 recipe:")
    st.markdown(" ".join(f":gray-badge[{plain(text)}]" for text in texts))


def actions(lab: Lab, row: RunSummary, run: RunSnapshot) -> None:
    """The presses that lead on from a run, in a row that the caller has opened."""
    if row.num_epochs:
        links.to_page("evaluate", "Evaluate", ":material/fact_check:", run=row.handle)
        links.to_page("draw", "Draw for it", ":material/draw:", run=row.handle)
    if st.button(
        "Start from this recipe",
        icon=":material/replay:",
        key=keys.details("again", row.run_id),
        help="Sets Train to this recipe; nothing starts until you press Start there.",
    ):
        hold(row.recipe)
        st.switch_page("pages/train.py")
    longer_popover(lab, run)
    branch_popover(run)
    if row.best:
        _model_button(lab, row, row.best.epoch)


def _star(lab: Lab, row: RunSummary) -> None:
    lab.store.annotations.change(row.run_id, starred=not row.starred)


@st.dialog("Name, tags and note")
def _edit(lab: Lab, row: RunSummary) -> None:
    """A window of its own, whose fields wait for the press on Keep."""
    known = sorted({tag for each in lab.store.runs.all() for tag in each.tags} | set(row.tags))
    with st.form("edit", border=False):
        name = st.text_input("Name", row.name, key=keys.details("name", row.run_id))
        tags = st.multiselect(
            "Tags",
            known,
            list(row.tags),
            accept_new_options=True,
            key=keys.details("tags", row.run_id),
            placeholder="Choose one, or write a new one",
        )
        note = st.text_area("Note", row.note, key=keys.details("note", row.run_id))
        pressed = st.form_submit_button("Keep", type="primary")
    if pressed:
        with show_errors():
            lab.studio.annotate(row.run_id, name=name, tags=tags, note=note)
            st.rerun()


def _model_button(lab: Lab, row: RunSummary, epoch: int) -> None:
    def made() -> bytes:
        from core.network import model

        return keras_file(row.recipe, model.load_weights(weights_path(lab.store.runs.folder(row.run_id), epoch), row.recipe))

    st.download_button(
        "Keras model",
        made,
        f"{row.handle}.keras",
        icon=":material/download:",
        on_click="ignore",
        key=keys.details("model", row.run_id),
        help=f"The weights after epoch {epoch}, the best, as a file that plain Keras opens: pictures of 28 x 28 with ink 1 and "
        "paper 0 in, ten probabilities out.",
    )
