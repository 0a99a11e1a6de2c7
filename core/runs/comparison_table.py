"""Runs side by side: a table of their figures and one of their recipes, with the best of each line marked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.metrics import range_text, share_text, wilson
from core.recipe import FIELDS, value_text
from core.runs.listing import differing, parameters
from core.runs.summary import TARGET, RunSummary

MOST = 8


@dataclass(frozen=True)
class TableLine:
    """One line: a text for each run, which may be empty, and the positions of the best runs."""

    label: str
    texts: list[str]
    best: frozenset[int] = frozenset()


def comparable(rows: Sequence[RunSummary]) -> bool:
    """Whether all runs were scored on the same images."""
    return len({row.recipe.validation_key for row in rows}) <= 1


def figures(rows: Sequence[RunSummary]) -> list[TableLine]:
    """The results of the runs. No accuracy is marked as best where runs were scored on different images."""
    fair = comparable(rows)
    lines = [
        _line("Accuracy", rows, _accuracy_text, _accuracy if fair else None),
        _line("95% interval", rows, _interval_text),
        _line("Best epoch", rows, lambda row: f"{row.best.epoch} of {row.num_epochs}" if row.best else ""),
        _line("Loss", rows, lambda row: f"{row.best.val_loss:.4f}" if row.best else "", _loss if _same_loss(rows) else None),
        _line(
            "Seconds", rows, lambda row: f"{row.active_s:,.1f}", lambda row: row.active_s if row.best and not row.active else None
        ),
        _line(
            f"Seconds to {TARGET:.0%}",
            rows,
            lambda row: f"{row.reached.seconds:,.1f}" if row.reached else "not reached",
            _to_target if fair else None,
        ),
        _line("Parameters", rows, lambda row: f"{parameters(row.recipe):,}", lambda row: parameters(row.recipe)),
    ]
    if any(row.hand for row in rows):
        lines.insert(2, _line("My hand", rows, _hand_text, _hand))
    return lines


def recipes(rows: Sequence[RunSummary], *, every: bool = False) -> list[TableLine]:
    """The fields in which the runs' recipes differ, or every field, in words."""
    names = list(FIELDS) if every else differing([row.recipe for row in rows])
    return [TableLine(FIELDS[name].label, [value_text(name, getattr(row.recipe, name)) for row in rows]) for name in names]


def _line(
    label: str,
    rows: Sequence[RunSummary],
    text: Callable[[RunSummary], str],
    cost: Callable[[RunSummary], float | None] | None = None,
) -> TableLine:
    """`cost` should be low; None for a run without one. No run is the best where all costs are equal."""
    costs = [cost(row) if cost else None for row in rows]
    known = {each for each in costs if each is not None}
    best = frozenset(place for place, each in enumerate(costs) if len(known) > 1 and each == min(known))
    return TableLine(label, [text(row) for row in rows], best)


def _accuracy_text(row: RunSummary) -> str:
    interval = row.interval(row.best)
    return share_text(interval) if interval else ""


def _interval_text(row: RunSummary) -> str:
    interval = row.interval(row.best)
    return range_text(interval) if interval else ""


def _accuracy(row: RunSummary) -> float | None:
    return -row.best.val_accuracy if row.best else None


def _loss(row: RunSummary) -> float | None:
    return row.best.val_loss if row.best else None


def _same_loss(rows: Sequence[RunSummary]) -> bool:
    """Whether the runs' losses are comparable; label smoothing changes the loss."""
    return comparable(rows) and len({row.recipe.label_smoothing for row in rows}) == 1


def _to_target(row: RunSummary) -> float | None:
    return row.reached.seconds if row.reached and row.parent_id is None else None


def _hand_text(row: RunSummary) -> str:
    return f"{share_text(wilson(*row.hand))} of {row.hand[1]:,}" if row.hand else ""


def _hand(row: RunSummary) -> float | None:
    return -row.hand[0] / row.hand[1] if row.hand and row.hand[1] else None
