"""What the address bar says: one choice by its name, and the recipe field by field."""

from __future__ import annotations

import streamlit as st

from core.errors import RecipeError
from core.recipe import FIELDS, Recipe
from ui.browser.notes import note


def link(name: str, value: str | None) -> None:
    """Puts a choice into the address bar by its key, or takes it out. Streamlit's own binding would write its words there."""
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def link_recipe(recipe: Recipe, default: Recipe) -> None:
    """Puts whatever differs from the 2018 recipe into the address bar; nothing for `default`, with which a bare address opens."""
    wanted = {} if recipe == default else recipe.to_query() or {"dataset": recipe.dataset}
    now = st.query_params.to_dict()
    for name in FIELDS:
        if name in now and name not in wanted:
            del st.query_params[name]
    if any(now.get(name) != value for name, value in wanted.items()):
        st.query_params.update(wanted)  # one message for all


def tell_broken_values() -> None:
    """The values of a link's recipe that cannot be: the published ones hold in their place."""
    for name in FIELDS:
        if name in st.query_params and name not in st.session_state:
            try:
                Recipe.from_query({name: st.query_params[name]})
            except RecipeError as error:
                note(f"{error} The rest of the link was applied.")
