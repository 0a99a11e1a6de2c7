"""Which run answers where nobody has chosen one: the best, not the newest. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.summary import RunSummary


def best_run(rows: Sequence[RunSummary], dataset: str) -> RunSummary | None:
    """Of `rows`, newest first, the run that has ended with the highest accuracy on this data set; where none has, on that of the
    newest one that has ended on another. None without an epoch.

    Ranked by the lower end of the 95 % interval of the best epoch, so that few validation images do not flatter; of equals the
    newest.
    """
    lows = [(interval.low, row) for row in rows if not row.active and (interval := row.interval(row.best))]
    if not lows:
        return None
    if not any(row.recipe.dataset == dataset for _, row in lows):
        dataset = lows[0][1].recipe.dataset
    return max(((low, row) for low, row in lows if row.recipe.dataset == dataset), key=lambda pair: pair[0])[1]
