"""Choosing one of the runs, and their table."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from core import architectures, datasets
from core.export import keras_file
from core.metrics import interval_text, wilson
from core.recipe import Recipe
from core.store import RunRow
from core.training.run import weights_path
from core.training.snapshot import RunSnapshot
from ui.controls import differences_line, hold, link
from ui.frame import duration
from ui.lineage import ancestry, branch_popover, go_on_button, longer_popover
from ui.session import Lab

_NEWEST = ""


def choose_run(lab: Lab, *, label: str = "Run", with_epochs: bool = False) -> RunSnapshot | None:
    """The run that the person chose, here or by link; whichever is newest until then, None while there is none.

    `with_epochs` offers only runs that can answer.
    """
    names = {row.name: row.run_id for row in lab.store.runs() if row.num_epochs or not with_epochs}
    if not names:
        return None
    newest = next(iter(names))
    # The link comes first, or a press on "See its mistakes" would open the run that was looked at before.
    wanted = (st.query_params.get("run"), st.session_state.get("run"))
    st.session_state.run = next((name for name in wanted if name in names), _NEWEST)
    name = st.selectbox(label, [_NEWEST, *names], key="run", persist_state="session", on_change=_link_run,
                        format_func=lambda name: name or f"The newest, {newest}")  # fmt: skip
    _link_run()
    return lab.studio.snapshot(names[name or newest])


def _link_run() -> None:
    link("run", st.session_state.run or None)


def run_table(lab: Lab) -> None:
    """All runs, newest first; chosen ones can be deleted."""
    rows = lab.store.runs()
    if not rows:
        st.info("Nothing has been trained yet. Every run will be listed here, and stays after a restart.")
        return
    event = st.dataframe(
        pd.DataFrame([_line(row) for row in rows]),
        hide_index=True,
        key="runs-frame",
        column_config={"parameters": st.column_config.NumberColumn(format="localized")},
        on_select="rerun",
        selection_mode="multi-row",
    )
    chosen = [rows[place] for place in event.selection.rows if place < len(rows)]
    if not chosen:
        st.caption("Choose rows on their left edge to look closer or to delete.")
        return
    names = {row.run_id: row.name for row in rows}
    for row in chosen:
        run = lab.studio.snapshot(row.run_id)
        with st.container(border=True):
            st.markdown(f"**{row.name}** \N{EN DASH} {differences_line(row.recipe)}")
            if line := ancestry(row, names):
                st.caption(line)
            with st.container(horizontal=True, vertical_alignment="center"):
                st.page_link("pages/evaluate.py", label="Evaluate", icon=":material/fact_check:",
                             query_params={"run": row.name})  # fmt: skip
                if st.button("Start from this recipe", icon=":material/replay:", key=f"again-{row.run_id}", type="tertiary"):
                    hold(row.recipe)
                    st.switch_page("pages/train.py")
                if row.best:
                    _model_button(lab, row, row.best.epoch)
                go_on_button(lab, run, row.run_id)
                longer_popover(lab, run)
                branch_popover(run)
    _delete_button(lab, chosen)


def _model_button(lab: Lab, row: RunRow, epoch: int) -> None:
    def made() -> bytes:
        from core import network  # on use: brings TensorFlow

        return keras_file(row.recipe, network.load_weights(weights_path(lab.store.run_folder(row.run_id), epoch)))

    st.download_button(
        "Keras model", made, f"{row.name}.keras", icon=":material/download:", type="tertiary", on_click="ignore",
        key=f"model-{row.run_id}",
        help=f"The weights after epoch {epoch}, the best, as a file that plain Keras opens: pictures of 28 x 28 with ink 1 and "
        "paper 0 in, ten probabilities out.",
    )  # fmt: skip


def _delete_button(lab: Lab, chosen: list[RunRow]) -> None:
    names = ", ".join(row.name for row in chosen)
    with st.popover(f"Delete {names}", icon=":material/delete:"):
        st.write("This removes the weights and every figure. It cannot be undone.")
        if st.button("Delete for good", key="delete-runs"):
            lab.studio.throw_away([row.run_id for row in chosen])
            st.rerun()


def _line(row: RunRow) -> dict[str, object]:
    return {
        "run": row.name,
        "when": datetime.fromtimestamp(row.created).strftime("%d %b %H:%M"),
        "data": datasets.title(row.recipe.dataset),
        "state": row.state,
        "accuracy, best epoch": _score(row),
        "epochs": f"{row.num_epochs}/{row.recipe.epochs}",
        "time": duration(row.active_s),
        "parameters": architectures.num_parameters(row.recipe),
        "differs in": len(row.recipe.differences(Recipe(dataset=row.recipe.dataset))),
    }


def _score(row: RunRow) -> str:
    if row.best is None:
        return ""
    return interval_text(wilson(round(row.best.val_accuracy * row.num_validation), row.num_validation))
