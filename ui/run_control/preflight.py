"""Before Start: what will go wrong with the chosen recipe, in a line with the button that mends it."""

from __future__ import annotations

import streamlit as st

from core import datasets
from core.errors import DigitLabError
from core.recipe import Recipe
from core.store import FAULT
from core.training.preflight import Finding, findings
from ui import session_keys as keys
from ui.held_recipe import hold
from ui.run_control import continuing
from ui.run_control.forecasts import whole_s
from ui.session import Lab

_ICONS = {True: ":material/warning:", False: ":material/info:"}


def preflight_line(lab: Lab, recipe: Recipe) -> None:
    """The gravest finding and its button, which changes the form and starts nothing; nothing where all is well."""
    found = preflight(lab, recipe)
    if not found:
        return
    first = found[0]
    more = f" :gray[And {len(found) - 1} more.]" if len(found) > 1 else ""
    with st.container(horizontal=True, vertical_alignment="center", key=keys.PREFLIGHT):
        st.markdown(f"{_ICONS[first.grave]} {first.sentence}{more}", width="content")
        st.button(first.mend, key=keys.MEND, on_click=hold, args=(first.mended,))


def preflight(lab: Lab, recipe: Recipe) -> list[Finding]:
    """What is wrong with the recipe, the gravest first; nothing for data that are gone, of which Start says so."""
    try:
        num_images = num_training_images(lab, recipe)
    except DigitLabError:
        return []
    seconds = whole_s(lab, recipe.changed(stop_minutes=0)) if recipe.stop_minutes else None
    past, from_scratch = lab.store.runs.all(), not continuing.is_branch(lab)
    return findings(recipe, num_images, seconds=seconds, past=past, from_scratch=from_scratch)


def num_training_images(lab: Lab, recipe: Recipe) -> int:
    """How many real images the recipe trains on; a data set that came with the product is not loaded for it. Raises
    DigitLabError.
    """
    verdicts = lab.store.verdicts.of(recipe.dataset) if recipe.leave_out_faults else {}
    return datasets.num_training_images(
        recipe.dataset,
        validation_share=recipe.validation_share,
        seed=recipe.split_seed,
        left_out=[row for row, verdict in verdicts.items() if verdict == FAULT],
        by_group=recipe.split_by_group,
        training_images=recipe.training_images,
    )
