"""The leaderboards: best accuracy, seconds to 99 %, fewest parameters for 99 %, each for one set of validation images."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core import datasets
from core.metrics import share_text
from core.recipe import ValidationKey
from core.runs import leaderboards
from core.runs.summary import TARGET, RunSummary
from ui import session_keys as keys
from ui.browser import links


def draw(rows: Sequence[RunSummary]) -> None:
    """Three boards side by side, and above them the choice of images where runs were scored on several."""
    groups = leaderboards.groups(rows)
    st.header("Leaderboards")
    if not groups:
        st.write("The leaderboards fill once a run has finished its first epoch.")
        return
    by_name = {_short(scored): scored for scored in groups}
    titles = {name: _title(scored) for name, scored in by_name.items()}
    name = next(iter(titles))
    if len(titles) > 1:
        name = links.choice(
            st.selectbox,
            "Scored on",
            titles,
            key=keys.SCORED,
            help="Only runs that were scored on the same images can be compared.",
        )
    members = groups[by_name[name]]
    st.caption(f"{titles[name]}. On validation images; a best epoch was chosen on them, which flatters every run a little.")
    best, quickest, smallest = st.columns(3)
    with best:
        _board("Best accuracy", leaderboards.best_accuracy(members), "", "")
    with quickest:
        _board(
            f"Seconds to {TARGET:.0%}",
            leaderboards.seconds_to_target(members),
            "seconds",
            f"No run from scratch has reached {TARGET:.0%} on these images. Train one for longer.",
        )
    with smallest:
        _board(
            f"Fewest parameters for {TARGET:.0%}",
            leaderboards.parameters_for_target(members),
            "parameters",
            f"No run has reached {TARGET:.0%} on these images. The smallest network that does will be listed first.",
        )


def _board(title: str, board: leaderboards.Leaderboard, figure: str, empty: str) -> None:
    st.markdown(f"**{title}**")
    if not board.places:
        st.write(empty)
        return
    lines = [
        {"run": each.row.name}
        | ({figure: f"{each.figure:,.1f}" if figure == "seconds" else f"{each.figure:,.0f}"} if figure else {})
        | {"accuracy": share_text(each.accuracy)}
        for each in board.places
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, key=keys.leaderboard(figure or "accuracy"), alt=title)
    runs = "run qualifies" if board.num_qualified == 1 else "runs qualify"
    st.caption(f"{board.num_qualified:,} of {board.num_runs:,} {runs}.")


def _short(scored: ValidationKey) -> str:
    """ "mnist-20-13": the images' name in a link."""
    return f"{scored.dataset}-{100 * scored.validation_share:.3g}-{scored.split_seed}{'-by-group' * scored.split_by_group}"


def _title(scored: ValidationKey) -> str:
    by_group = ", by writer or group" * scored.split_by_group
    kept = f"{scored.validation_share:.0%} for validation{by_group}"
    return f"{datasets.title(scored.dataset)}, {kept}, split seed {scored.split_seed}"
