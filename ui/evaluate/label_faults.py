"""Probable label faults: what kind of mistakes the run makes, which labels to doubt, and what a person says of them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import charts, datasets, metrics
from core.evaluation import error_budget, label_faults
from core.store import FAULT, FINE, VERDICTS
from ui import session_keys as keys
from ui.evaluate.answers import Answers
from ui.evaluate.label_review import Doubt, judge
from ui.evaluate.label_search import offer_search
from ui.held_recipe import hold
from ui.session import Lab
from ui.widgets.image_sheet import two_sheets
from ui.widgets.plot import plot

_NUM_OTHERS = 4
_NUM_IMAGES = 30
_PLACES = {"run": "This run's validation images", "all": "The whole data set"}
_KIND_HELP = (
    "A **probable label fault** is one that you called a fault, or a suspect below that you did not call fine. **Ambiguous**: "
    "other runs about as good, or else this run's own last epochs, do not agree on the digit. **Plainly wrong** is the rest: "
    "the label stands, and every network asked reads the same wrong digit."
)


def draw(lab: Lab, answers: Answers) -> None:
    """The error budget, the suspects with their verdicts, and the scores without the confirmed faults."""
    verdicts = lab.store.verdicts.of(answers.run.recipe.dataset)
    found = _suspects_of_run(answers.run.run_id, answers.epoch, answers.part.labels, answers.probabilities)
    _budget(lab, answers, found, verdicts)
    st.header(
        "Which labels are probably wrong?",
        help="Confident learning (Northcutt, Jiang and Chuang, 2021): the network's own mistakes tell how many labels "
        "of each digit should be another; that many are listed, the most suspicious first.",
    )
    st.write("Look at each suspect and judge its label. A verdict is kept, and any run on these data can leave the faults out.")
    place = st.segmented_control(
        "Where to look",
        _PLACES,
        format_func=_PLACES.__getitem__,
        default="run",
        required=True,
        key=keys.SUSPECTS_OF,
        persist_state="session",
        label_visibility="collapsed",
    )
    doubts = _doubts_of_run(answers, found) if place == "run" else _doubts_of_all(lab, answers.run.recipe.dataset)
    if doubts is not None:
        judge(lab, answers.run.recipe.dataset, doubts, verdicts)
    _scores(lab, answers, verdicts)


def _budget(lab: Lab, answers: Answers, found: np.ndarray, verdicts: dict[int, str]) -> None:
    names, others = _others(lab, answers)
    judged = {verdict: np.flatnonzero(np.isin(answers.part.rows, _rows(verdicts, verdict))) for verdict in VERDICTS}
    doubtful = error_budget.suspected_rows(len(answers.part.labels), suspects=found, faults=judged[FAULT], fine=judged[FINE])
    budget = error_budget.error_budget(answers.part.labels, answers.predicted, suspected=doubtful, others=others)

    def take(x: str, _: str) -> None:
        st.session_state[keys.BUDGET_KIND] = charts.kind_at(budget, float(x)).name

    kinds = {kind.name: kind for kind in budget}
    chart = st.container()  # above the picker, but drawn with its choice
    chosen = st.pills(
        "Show the images of a part",
        list(kinds),
        key=keys.BUDGET_KIND,
        persist_state="session",
        help=_KIND_HELP,
        format_func=lambda name: f"{name}: {_share(kinds[name])}",
    )
    with chart:
        plot(
            charts.error_budget(budget, chosen=chosen),
            key=keys.plot_of("budget", answers.run.run_id),
            on_click=take,
            alt="Errors by kind: " + ", ".join(f"{kind.name} {len(kind.rows)}" for kind in budget),
        )
    intervals = "; ".join(f"{kind.name} {metrics.range_text(kind.share)}" for kind in budget)
    st.caption(names, help=f"95% intervals of the shares: {intervals}.")
    if chosen:
        _images(answers, kinds[chosen].rows)


def _share(kind: error_budget.Kind) -> str:
    return f"{len(kind.rows)}, {kind.share.share:.0%}"


def _others(lab: Lab, answers: Answers) -> tuple[str, list[np.ndarray]]:
    """Runs about as good on the same images, else the run's own last epochs: in a sentence, and their (n,) answers."""
    run, num_images = answers.run, len(answers.predicted)
    bar = metrics.accuracy_interval(run.epochs[answers.epoch - 1].val_accuracy, num_images).low
    rows = [
        row
        for row in lab.store.runs.all()
        if row.run_id != run.run_id
        and row.best
        and row.best.val_accuracy >= bar
        and row.recipe.validation_key == run.recipe.validation_key
    ]
    asked = {row.name: _predicted(lab, row.run_id, row.best.epoch) for row in rows[:_NUM_OTHERS] if row.best}
    there = {name: each for name, each in asked.items() if each is not None}
    if there:
        return f"Ambiguous: {', '.join(there)} and this run do not agree.", list(there.values())
    first = max(1, answers.epoch - error_budget.NUM_EPOCHS + 1)
    earlier = [_predicted(lab, run.run_id, epoch) for epoch in range(first, answers.epoch)]
    if not earlier:
        return "Nothing can be called ambiguous yet: that takes a second epoch, or another run on the same images.", []
    return f"Ambiguous: the epochs {first} to {answers.epoch} do not agree.", [each for each in earlier if each is not None]


@st.cache_data(show_spinner=False, max_entries=64)
def _predicted(_lab: Lab, run_id: str, epoch: int) -> np.ndarray | None:
    probabilities = _lab.store.runs.probabilities(run_id, epoch)
    return None if probabilities is None else probabilities.argmax(axis=1)


def _images(answers: Answers, rows: np.ndarray) -> None:
    shown = answers.surest_first(rows)[:_NUM_IMAGES]
    if not len(shown):
        st.write("No such image.")
        return
    two_sheets(answers.part.images[shown], answers.titles(shown), at_most=_NUM_IMAGES)
    more = f" The first {len(shown)} of {len(rows):,}." if len(shown) < len(rows) else ""
    st.caption(f"The label, the answer, and its certainty. The most certain come first.{more}")


def _doubts_of_run(answers: Answers, found: np.ndarray) -> list[Doubt]:
    part = answers.part
    return [Doubt(int(part.rows[row]), part.images[row], int(part.labels[row]), answers.probabilities[row]) for row in found]


def _doubts_of_all(lab: Lab, name: str) -> list[Doubt] | None:
    offer_search(lab, name)
    probabilities = lab.label_search.probabilities(name)
    if probabilities is None:
        return None
    dataset = datasets.load(name)
    found = _suspects_of_all(name, dataset.labels, probabilities)
    return [Doubt(int(row), dataset.images[row], int(dataset.labels[row]), probabilities[row]) for row in found]


def _scores(lab: Lab, answers: Answers, verdicts: dict[int, str]) -> None:
    """The run's accuracy on all images and on those whose label is not called a fault, and the press that trains without them."""
    faults = _rows(verdicts, FAULT)
    part = answers.part
    kept = ~np.isin(part.rows, faults)
    num_here = int((~kept).sum())
    st.header("What the faults cost")
    every, without = st.columns(2)
    all_of_them = answers.scores.accuracy
    every.metric(
        f"Accuracy, all {len(kept):,} images",
        metrics.share_text(all_of_them),
        help=f"95% interval {metrics.range_text(all_of_them)}.",
    )
    score = metrics.accuracy(part.labels[kept], answers.predicted[kept])
    without.metric(
        f"Without {_faults(num_here) if num_here else 'confirmed faults (none here)'}",
        metrics.share_text(score),
        help=f"95% interval {metrics.range_text(score)}. Only images that you called a fault are left out, of those kept for "
        "validation.",
    )
    num_left_out = int(np.isin(answers.run.left_out, part.rows, invert=True).sum())
    if num_left_out:
        st.caption(f"{answers.run.name} did not learn from {_faults(num_left_out)}; its validation images are all there.")
    pressed = st.button(
        f"Train without {_faults(len(faults)) if faults else 'confirmed faults'}",
        key=keys.TRAIN_WITHOUT,
        disabled=not faults,
        icon=":material/model_training:",
        on_click=hold,
        args=(answers.run.recipe.changed(leave_out_faults=True),),
        help="Opens Train with this run's recipe and the switch on. The validation images stay the same, so that the scores can "
        "be compared.",
    )
    if pressed:
        st.switch_page("pages/train.py")


def _faults(count: int) -> str:
    return "the 1 confirmed fault" if count == 1 else f"the {count:,} confirmed faults"


def _rows(verdicts: dict[int, str], verdict: str) -> list[int]:
    return [row for row, each in verdicts.items() if each == verdict]


# Both are functions of what their names stand for: a run's epoch is written once, and a search gives the same again.
@st.cache_data(show_spinner=False, max_entries=64)
def _suspects_of_run(run_id: str, epoch: int, _labels: np.ndarray, _probabilities: np.ndarray) -> np.ndarray:
    return label_faults.suspects(_labels, _probabilities)


@st.cache_data(show_spinner=False, max_entries=4)
def _suspects_of_all(dataset: str, _labels: np.ndarray, _probabilities: np.ndarray) -> np.ndarray:
    return label_faults.suspects(_labels, _probabilities)
