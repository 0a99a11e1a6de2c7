"""One of the chosen runs: what it is called, what was different, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import datasets
from core.network.export import keras_file
from core.runs.paths import weights_path
from core.runs.summary import RunSummary
from ui.browser import links
from ui.browser.notes import plain
from ui.polling import told
from ui.recipe_form import differences_line, hold
from ui.run_control.continuing import ancestry, branch_popover, go_on_button, longer_popover
from ui.session import Lab


def closer(lab: Lab, chosen: Sequence[RunSummary], rows: Sequence[RunSummary]) -> None:
    """The run to look at more closely, of those that are chosen, with all that can be done with it."""
    row = chosen[0]
    if len(chosen) > 1:
        by_handle = {each.handle: each for each in chosen}
        titles = {handle: each.name for handle, each in by_handle.items()}
        row = by_handle[links.choice(st.pills, "Look closer at", titles, key="closer", required=True)]
    with st.container(border=True):
        _said(lab, row)
        if line := ancestry(row, {each.run_id: each.name for each in rows}):
            st.caption(line)
        with st.container(horizontal=True, vertical_alignment="center"):
            if row.num_epochs:
                links.to_page("evaluate", "Evaluate", ":material/fact_check:", run=row.handle)
                links.to_page("draw", "Draw for it", ":material/draw:", run=row.handle)
            if st.button(
                "Start from this recipe",
                icon=":material/replay:",
                key=f"again-{row.run_id}",
                help="Sets Train to this recipe; nothing starts until you press Start there.",
            ):
                hold(row.recipe)
                st.switch_page("pages/train.py")
            if row.best:
                _model_button(lab, row, row.best.epoch)
            run = lab.studio.snapshot(row.run_id)
            go_on_button(lab, run, row.run_id)
            longer_popover(lab, run)
            branch_popover(run)


def _said(lab: Lab, row: RunSummary) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(row.name)}** {' '.join(f':gray-badge[{plain(tag)}]' for tag in row.tags)}")
        if st.button("Name, tags, note", icon=":material/edit:", key=f"edit-{row.run_id}", type="tertiary"):
            _edit(lab, row)
        label, icon = ("Take the star away", ":material/star:") if row.starred else ("Star", ":material/star_border:")
        st.button(
            label,
            icon=icon,
            key=f"star-{row.run_id}",
            type="tertiary",
            on_click=lab.store.annotations.change,
            args=(row.run_id,),
            kwargs={"starred": not row.starred},
        )
    st.caption(f"{datasets.title(row.recipe.dataset)}. {differences_line(row.recipe)}")
    if row.note:
        st.text(row.note)


@st.dialog("What this run is called")
def _edit(lab: Lab, row: RunSummary) -> None:
    """A window of its own, whose fields wait for the press on Keep."""
    known = sorted({tag for each in lab.store.runs.all() for tag in each.tags} | set(row.tags))
    with st.form("edit", border=False):
        name = st.text_input("Name", row.name, key=f"name-{row.run_id}")
        tags = st.multiselect(
            "Tags",
            known,
            list(row.tags),
            accept_new_options=True,
            key=f"tags-{row.run_id}",
            placeholder="Choose one, or write a new one",
        )
        note = st.text_area("Note", row.note, key=f"note-{row.run_id}")
        pressed = st.form_submit_button("Keep", type="primary")
    if pressed:
        with told():
            lab.studio.annotate(row.run_id, name=name, tags=tags, note=note)
            st.rerun()


def _model_button(lab: Lab, row: RunSummary, epoch: int) -> None:
    def made() -> bytes:
        from core.network import model

        return keras_file(row.recipe, model.load_weights(weights_path(lab.store.runs.folder(row.run_id), epoch)))

    st.download_button(
        "Keras model",
        made,
        f"{row.handle}.keras",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"model-{row.run_id}",
        help=f"The weights after epoch {epoch}, the best, as a file that plain Keras opens: pictures of 28 x 28 with ink 1 and "
        "paper 0 in, ten probabilities out.",
    )
