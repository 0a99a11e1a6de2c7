"""Is it real? This run beside another on the same images, and the spread of runs that differ only in their seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core import charts, datasets, metrics
from core.evaluation import comparison
from core.runs import seeds
from core.runs.snapshot import ACTIVE_STATES, RunSnapshot
from core.runs.summary import RunSummary, find
from ui import session_keys as keys
from ui.browser import people
from ui.browser.address import link
from ui.browser.notes import broken
from ui.evaluate.answers import Answers, stored_probabilities
from ui.session import Lab, theme
from ui.widgets.image_sheet import image_sheet, read_titles
from ui.widgets.plot import plot

NUM_SHOWN = 25


def draw(lab: Lab, answers: Answers) -> None:
    """The other run, the verdict and what it rests on; below, the group."""
    rows = lab.store.runs.all()
    other = _choose_other(lab, answers.run, rows)
    if other:
        _pair(lab, answers, other)
    _group(lab, answers.run, rows)


def _choose_other(lab: Lab, run: RunSnapshot, rows: list[RunSummary]) -> RunSnapshot | None:
    others = [
        row
        for row in rows
        if row.num_epochs and row.run_id != run.run_id and row.recipe.validation_key == run.recipe.validation_key
    ]
    if not others:
        st.info(
            f"No other run was scored on the same images as {run.name}. Train another one on "
            f"{datasets.title(run.recipe.dataset)}, with {run.recipe.validation_share:.0%} kept for validation and split seed "
            f"{run.recipe.split_seed}{', split by writer or group' * run.recipe.split_by_group}, then compare."
        )
        return None
    asked = st.query_params.get("other")
    found = find(others, asked) if asked else None
    if asked and found is None and asked != st.session_state.get(keys.OTHER):  # one that was deleted since is no link's fault
        broken("other", asked, f"no such run was scored on the same images as {run.name}")
    by_handle = {row.handle: row for row in others}
    wanted = (found.handle if found else None, st.session_state.get(keys.OTHER))
    st.session_state[keys.OTHER] = next((handle for handle in wanted if handle in by_handle), next(iter(by_handle)))
    handle = st.selectbox(
        "Compare with",
        list(by_handle),
        key=keys.OTHER,
        persist_state="session",
        on_change=_link_other,
        format_func=lambda handle: by_handle[handle].name,
        help="Runs that were scored on the very same validation images.",
    )
    _link_other()
    return lab.studio.snapshot(by_handle[handle].run_id)


def _link_other() -> None:
    link("other", st.session_state[keys.OTHER])


def _pair(lab: Lab, answers: Answers, other: RunSnapshot) -> None:
    run, epoch = answers.run, other.served_epoch_number or 1
    theirs = stored_probabilities(lab, other, epoch)
    if theirs is None:
        st.warning(f"The predictions of {other.name} are gone. Choose another run.")
        return
    found = _comparison(run.run_id, answers.epoch, other.run_id, epoch, answers.part.labels, answers.predicted, theirs)
    st.markdown(
        f"**{found.verdict(run.name, other.name)}**",
        help=(
            "McNemar's exact test looks only at the images that one of the two reads and the other does not: were both equally "
            "good, each would be a fair coin. p is the chance of so uneven a count, and below .05 the difference is called "
            "real. Among twenty pairs of equally good runs, one will look real by chance."
        ),
    )
    st.caption(
        f"{run.name} after epoch {answers.epoch}, {other.name} after epoch {epoch}"
        f"{'' if other.active else ', its best'}. A best epoch was chosen on these same images."
    )
    for column, measure in zip(st.columns(2), ("accuracy", "loss"), strict=True):
        with column:
            plot(
                charts.overlaid((run, other), measure, legend=measure == "accuracy"),
                key=keys.plot_of("versus", measure),
                alt=f"Validation {measure} over the epochs, {run.name} and {other.name}",
            )
    if run.recipe.label_smoothing != other.recipe.label_smoothing:
        st.caption("They were trained with different label smoothing, which is part of the loss: compare their accuracy alone.")
    matrix, counts = st.columns([3, 2], gap="medium")
    with matrix:
        plot(
            charts.confusion_difference(found.difference, run.name, other.name, theme()),
            key=keys.DIFFERENCE,
            alt=f"Confusion matrix of {run.name} minus that of {other.name}",
        )
    with counts:
        st.dataframe(_counts(found, run.name, other.name), hide_index=True, key=keys.COUNTS_FRAME)
        st.caption("On the diagonal, more is better. Off it, more is worse: those images are errors.")
    predicted = theirs.argmax(axis=1)
    for column, name, rows, wrong, sure in zip(
        st.columns(2),
        (run.name, other.name),
        (found.only_first, found.only_second),
        (predicted, answers.predicted),
        (theirs.max(axis=1), answers.probabilities.max(axis=1)),
        strict=True,
    ):
        with column:
            _only(answers, name, rows, wrong, sure)


def _counts(found: comparison.Comparison, first: str, second: str) -> pd.DataFrame:
    counts = {
        "both": found.num_both,
        f"{first} alone": len(found.only_first),
        f"{second} alone": len(found.only_second),
        "neither": found.num_neither,
    }
    return pd.DataFrame({"read right by": list(counts), "images": list(counts.values())})


def _only(answers: Answers, name: str, rows: np.ndarray, wrong: np.ndarray, sure: np.ndarray) -> None:
    """The images that the run called `name` alone reads, with what the other took them for; its surest mistakes first."""
    st.header(f"Only {name} reads these: {len(rows):,}", anchor=False)
    if not len(rows):
        st.write("No such image.")
        return
    shown = rows[np.argsort(-sure[rows], kind="stable")][:NUM_SHOWN]
    titles = read_titles(answers.part.labels[shown], wrong[shown], sure[shown])
    image_sheet(answers.part.images[shown], titles, alt=f"Images that only {name} reads, with the other run's answers")
    more = f" The first {len(shown)} of {len(rows):,}." if len(shown) < len(rows) else ""
    st.caption(f"The true digit, the other run's answer, and its certainty. The most certain come first.{more}")


def _group(lab: Lab, run: RunSnapshot, rows: list[RunSummary]) -> None:
    st.header(
        "The same recipe with other seeds",
        help=(
            "The seed decides the first weights, the order of the images and the augmentation: luck. Two recipes differ for real "
            "only where they differ by more than their seeds do."
        ),
    )
    alike = [row for row in rows if seeds.same_but_seed(row.recipe, run.recipe)]
    members = [lab.studio.snapshot(row.run_id) for row in alike if row.state == "finished"]
    group = seeds.seed_group(members)
    if group is None:
        st.write(
            "One run says nothing about luck. Train the same recipe with another seed, and from two finished runs on, their "
            "mean and spread stand here."
        )
    else:
        _spread(group, [each for each in members if each.name in group.names])
    _again(lab, run, alike)


def _spread(group: seeds.SeedGroup, members: list[RunSnapshot]) -> None:
    count, mean, deviation = st.columns(3)
    count.metric("Runs, each with its own seed", len(members))
    mean.metric(
        "Mean accuracy",
        metrics.share_text(group.mean),
        help=f"95% interval, Student's, for the mean of many such runs on these images: {metrics.range_text(group.mean)}.",
    )
    deviation.metric("Standard deviation", f"{100 * group.deviation:.2f} points")
    st.caption(f"{', '.join(group.names)}. The last epoch of each counts, not the best, which was chosen on these same images.")
    plot(
        charts.seed_band(group, members),
        key=keys.SEED_BAND,
        alt="Validation accuracy over the epochs: each run, their mean, and one standard deviation about it",
    )


def _again(lab: Lab, run: RunSnapshot, alike: list[RunSummary]) -> None:
    seed = seeds.next_seed(run.recipe, [row.recipe for row in alike])
    waiting = [row.name for row in alike if row.state in ACTIVE_STATES and row.run_id != run.run_id]
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Train it again with another seed",
            icon=":material/casino:",
            key=keys.ANOTHER_SEED,
            help=f"The same recipe with seed {seed}. It waits in the queue where something trains.",
        )
        if waiting:
            st.caption(f"Training or in the queue: {', '.join(waiting)}.")
    if pressed:
        people.submit(lab, run.recipe.changed(seed=seed))
        link("run", run.name)  # or the page would go on to the new run, which has nothing to show yet
        st.rerun()


# While a run trains, the page is drawn anew at every look, and this changes once an epoch.
@st.cache_data(show_spinner=False, max_entries=64)
def _comparison(
    run_id: str, epoch: int, other_id: str, other_epoch: int, _labels: np.ndarray, _mine: np.ndarray, _theirs: np.ndarray
) -> comparison.Comparison:
    return comparison.compare(_labels, _mine, _theirs.argmax(axis=1))
