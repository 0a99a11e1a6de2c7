"""Which run answers on Draw, Evaluate and Kaggle, and in the sidebar, where the person has chosen none."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.answering import best_run
from core.runs.summary import RunSummary
from ui.browser.people import mine
from ui.held_recipe import held
from ui.streamlit_internals import num_browsers

TRAINING, BEST, NEWEST = "Training now", "The best", "The newest"


def answering(rows: Sequence[RunSummary]) -> tuple[str, RunSummary] | None:
    """Why it is this run, in words, and the run: the one of this person that trains, else the best that has ended on the data
    that are chosen, else the newest that has begun. None without `rows`, which are newest first.
    """
    if own := next((row for row in rows if row.active and row.state != "queued" and _own(row)), None):
        return TRAINING, own
    if best := best_run(rows, held("dataset")):
        return BEST, best
    return (NEWEST, newest) if (newest := newest_of(rows)) else None


def newest_of(rows: Sequence[RunSummary]) -> RunSummary | None:
    """The newest run that has begun, else that waits; None without `rows`."""
    return next((row for row in rows if row.state != "queued"), next(iter(rows), None))


def _own(row: RunSummary) -> bool:
    """Whether this person started the run. Of one without a name that is not known after a reload, unless nobody else is here."""
    return mine(row) or (not row.person and num_browsers() == 1)
