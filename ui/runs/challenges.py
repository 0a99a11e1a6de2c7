"""The challenges, and the run that holds each."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core import datasets
from core.metrics import interval_text
from core.runs import challenges
from core.runs.challenges import CHALLENGES, Challenge
from core.runs.summary import RunSummary
from ui import session_keys as keys


def draw(rows: Sequence[RunSummary]) -> None:
    """One line for each challenge on data that are at hand or that a run was scored on."""
    used = {row.recipe.dataset for row in rows}
    shown = [each for each in CHALLENGES.values() if each.scored.dataset in used or datasets.is_at_hand(each.scored.dataset)]
    st.header("Challenges")
    st.caption(
        "Train offers them over its settings. A run meets one by the accuracy of its best epoch, as scored; its 95% interval "
        "shows how much of that may be luck. Runs count that kept the usual 20% of the images for validation, by split seed 13."
    )
    lines = pd.DataFrame([_line(each, rows) for each in shown])
    if not lines["person"].any():  # nobody gave a name
        lines = lines.drop(columns="person")
    st.dataframe(lines, hide_index=True, key=keys.CHALLENGES_FRAME, alt="The challenges and the runs that hold them")


def _line(challenge: Challenge, rows: Sequence[RunSummary]) -> dict[str, str]:
    board = challenges.leaderboard(challenge, rows)
    first = board.places[0] if board.places else None
    return {
        "challenge": challenge.title,
        "held by": first.row.name if first else "nobody yet",
        "person": first.row.person if first else "",
        "accuracy": interval_text(first.accuracy) if first else "",
        "with": challenge.figure_text(first.figure) if first else "",
        "data": datasets.title(challenge.scored.dataset),
        "met by": f"{board.num_qualified:,} of {board.num_runs:,}",
    }
