"""The Evaluate page's blocks, all computed from one epoch's validation probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core import charts, datasets, metrics, pictures
from core.evaluation import ValidationPart, validation_part
from core.training.snapshot import RunSnapshot
from ui.plot import plot
from ui.session import Lab, theme

NUM_SHOWN = 50


def evaluation(lab: Lab, run_id: str) -> None:
    """Everything about one epoch of one run; moves by itself while the run trains."""
    run = lab.studio.snapshot(run_id)
    if not run.epochs:
        st.info(
            f"{run.name} has not finished an epoch yet. Its figures appear here by themselves."
            if run.active
            else f"{run.name} ended before its first epoch, so there is nothing to evaluate. {run.message}"
        )
        return
    epoch = _epoch_choice(run)
    probabilities = _probabilities(lab, run, epoch)
    if probabilities is None:
        st.warning(f"The predictions of epoch {epoch} are gone. Choose another epoch.")
        return
    part = validation_part(run.recipe)
    predicted = probabilities.argmax(axis=1)
    scores = _scores(run_id, epoch, part.labels, predicted)
    _headline(run, epoch, scores)
    chosen = _confusion(scores.table, key=f"confusion-{run_id}")
    _digit_table(scores)
    _misread(run_id, part, probabilities, chosen)


def _epoch_choice(run: RunSnapshot) -> int:
    """The epoch to show: the one that answers for the run, unless the person moved the slider away."""
    served = run.served_epoch.epoch if run.served_epoch else 1
    last = len(run.epochs)
    if last == 1:
        return 1
    names = {epoch: _epoch_name(run, epoch) for epoch in range(1, last + 1)}
    options = ["served", *names]
    words = f"{'newest' if run.active else 'best'}, epoch {served}"
    # "served" is an option of its own, so that a slider left alone follows the run while it trains.
    choice = st.select_slider("Epoch", options, format_func=lambda each: words if each == "served" else names[each],
                              key=f"epoch-{run.run_id}")  # fmt: skip
    return served if choice == "served" else int(choice)


def _epoch_name(run: RunSnapshot, epoch: int) -> str:
    best = run.best_epoch and run.best_epoch.epoch == epoch
    return f"{epoch}{' (best)' if best else ''}{', cut short' if run.epochs[epoch - 1].partial else ''}"


def _probabilities(lab: Lab, run: RunSnapshot, epoch: int) -> np.ndarray | None:
    if epoch == run.epochs[-1].epoch and run.probabilities is not None:
        return run.probabilities
    return lab.store.probabilities(run.run_id, epoch)


@st.cache_data(show_spinner=False, max_entries=64)
def _scores(run_id: str, epoch: int, _labels: np.ndarray, _predicted: np.ndarray) -> metrics.Scores:
    """Kept per run and epoch: while a run trains, the page is drawn twice a second and its figures change once an epoch."""
    return metrics.scores(_labels, _predicted)


def _headline(run: RunSnapshot, epoch: int, scores: metrics.Scores) -> None:
    num_images, num_right = int(scores.table.sum()), int(np.trace(scores.table))
    accuracy, wrong, loss = st.columns([2, 2, 1])
    accuracy.metric("Accuracy, 95% interval", metrics.interval_text(scores.accuracy))
    wrong.metric("Misread", f"{num_images - num_right:,} of {num_images:,}")
    loss.metric("Loss", f"{run.epochs[epoch - 1].val_loss:.4f}", help="As in training, label smoothing included.")
    st.markdown(f"**{scores.worst}**")
    final = run.epochs[-1]
    if not run.active and final.epoch != epoch:
        last = metrics.wilson(round(final.val_accuracy * num_images), num_images)
        st.caption(
            f"{datasets.title(run.recipe.dataset)}. Its last epoch, {final.epoch}, reads "
            f"{metrics.interval_text(last)}. The best epoch was chosen on these same "
            "images, which flatters it a little."
        )


def _confusion(table: np.ndarray, *, key: str) -> tuple[int, int] | None:
    """Draws the matrix; returns the (true, read as) that was clicked or picked."""
    view = st.segmented_control("Confusion matrix", charts.CONFUSION_VIEWS, default=charts.CONFUSION_VIEWS[0], required=True,
                                key="confusion-view", bind="query-params", persist_state="session")  # fmt: skip
    matrix, picker = st.columns([3, 2])
    with picker:
        pick = _cell_picker(table)
    with matrix:
        plot(charts.confusion(table, view, theme(), chosen=pick), key=key, on_click=_take_cell,
             alt="Confusion matrix: rows true digits, columns digits read")  # fmt: skip
    return pick


def _take_cell(read: str, true: str) -> None:
    st.session_state.cell = f"{true} read as {read}"


def _cell_picker(table: np.ndarray) -> tuple[int, int] | None:
    """The confusions, most frequent first: the same choice as a click on a cell, by keyboard."""
    errors = table.copy()
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")
    cells = [divmod(int(place), len(table)) for place in order if errors.flat[place]]
    names = {f"{true} read as {read}": (true, read) for true, read in cells}
    held = st.session_state.get("cell")
    if held and held not in names:
        true, read = int(held[0]), int(held[-1])
        names[held] = (true, read)
    choice = st.selectbox(
        "Show the images of a cell", [None, *names], key="cell", persist_state="session",
        format_func=lambda name: "all misread images" if name is None else f"{name}: {table[names[name]]}",
        help="The same as a click on the matrix.",
    )  # fmt: skip
    return names[choice] if choice else None


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
    with st.expander("**Digit by digit**", expanded=True, key="digit-table"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="digit-frame")


def _misread(
    run_id: str, part: ValidationPart, probabilities: np.ndarray, chosen: tuple[int, int] | None
) -> None:
    predicted, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wanted = predicted != part.labels if chosen is None else (part.labels == chosen[0]) & (predicted == chosen[1])
    rows = np.flatnonzero(wanted)
    rows = rows[np.argsort(-sure[rows], kind="stable")]
    st.subheader("Misread images" if chosen is None else f"A {chosen[0]}, read as {chosen[1]}")
    if not len(rows):
        st.write("No such image.")
        return
    shown = rows[:NUM_SHOWN]
    titles = [f"{part.labels[row]} as {predicted[row]} {100 * sure[row]:.0f}%" for row in shown]
    # Two sheets of five columns: side by side on a desk, one below the other on a phone.
    for sheet, begin in zip(st.columns(2), range(0, NUM_SHOWN, NUM_SHOWN // 2), strict=True):
        part_of = slice(begin, begin + NUM_SHOWN // 2)
        if len(shown[part_of]):
            picture = _sheet(run_id, shown[part_of].tolist(), titles[part_of], theme(), part.images)
            sheet.image(picture, width="stretch", alt="Images with the true digit, the answer and how sure it was")
    more = f" The first {len(shown)} of {len(rows):,}." if len(shown) < len(rows) else ""
    st.caption(f"The true digit, as what it was read, and how sure the network was. The surest come first.{more}")


@st.cache_data(show_spinner=False, max_entries=64)
def _sheet(run_id: str, rows: list[int], titles: list[str], theme: str, _images: np.ndarray) -> bytes:
    """Kept, as `_scores` are. A run's validation images are always the same, so their rows name them."""
    return pictures.png(pictures.grid(_images[rows], titles, theme, columns=5))
