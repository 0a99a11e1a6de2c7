"""Over Train's form: a challenge, how the form's recipe stands to its limit, and who holds it."""

from __future__ import annotations

import streamlit as st

from core import datasets
from core.metrics import interval_text
from core.recipe import Recipe
from core.runs import challenges
from core.runs.challenges import CHALLENGES, Challenge
from ui import session_keys as keys
from ui.browser import hiding, links
from ui.browser.notes import plain
from ui.held_recipe import change
from ui.run_control.forecasts import whole_s
from ui.session import Lab

_NONE = "none"
_HELP = (
    "An accuracy to reach within a limit. A run meets it by the accuracy of its best epoch, as scored; on few validation images "
    "that is partly luck, so its interval is shown. Who holds each stands on Runs."
)


def challenge(lab: Lab, recipe: Recipe) -> None:
    """The choice of a challenge on data at hand; under it whether the recipe keeps to its limit, and who holds it now."""
    if hiding.hidden("boards"):
        return
    at_hand = {name: each for name, each in CHALLENGES.items() if datasets.is_at_hand(each.scored.dataset)}
    titles = {_NONE: "No challenge"} | {
        name: f"{each.title}, {datasets.title(each.scored.dataset)}" for name, each in at_hand.items()
    }
    name = links.choice(st.selectbox, "Challenge", titles, key=keys.CHALLENGE, help=_HELP)
    if name == _NONE:
        return
    chosen = at_hand[name]
    if recipe.validation_key != chosen.scored:
        _other_images(chosen)
    elif standing := challenges.standing(chosen, recipe, whole_s(lab, recipe)):
        icon = ":material/check:" if standing.met else ":material/close:"
        st.markdown(f"{icon} {standing.sentence}")
    st.caption(_holder(lab, chosen))


def _other_images(chosen: Challenge) -> None:
    """The form's runs would be scored on other images; a press sets its data and split."""
    scored = chosen.scored
    share = f"{scored.validation_share:.0%} kept for validation"
    st.markdown(
        f":material/close: It counts on {plain(datasets.title(scored.dataset))}, {share}, split seed {scored.split_seed}; "
        "these settings have other validation images."
    )
    st.button("Set its data", key=keys.CHALLENGE_CUT, on_click=change, kwargs=scored._asdict())


def _holder(lab: Lab, chosen: Challenge) -> str:
    board = challenges.leaderboard(chosen, lab.store.runs.all())
    if not board.places:
        return "Nobody holds it yet."
    first = board.places[0]
    who = f"{first.row.person}'s {first.row.name}" if first.row.person else first.row.name
    return f"Held by {plain(who)}: {chosen.figure_text(first.figure)}, {interval_text(first.accuracy)}."
