"""The recipe that a person has in hand: each field in the session's state, else in the address bar, else of `quick`."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import Any

import streamlit as st

from core import datasets
from core.errors import RecipeError
from core.recipe import FIELDS, Recipe, text_form
from core.recipe.presets import preset
from ui import session_keys as keys
from ui.browser import address
from ui.browser.notes import note


def held(name: str) -> Any:
    """A field's value as its widget holds it, else as the address bar says, else of the recipe to begin with."""
    if keys.recipe_field(name) in st.session_state:
        return st.session_state[keys.recipe_field(name)]
    if name not in st.query_params:
        return getattr(_unchosen(), name)
    try:
        return getattr(Recipe.from_query({name: st.query_params[name]}), name)
    except RecipeError:  # a link with a value that cannot be: the page opens with the published one
        return getattr(Recipe(), name)


def held_recipe() -> Recipe:
    """The recipe as the widgets hold it now, or as the address bar says. Raises RecipeError."""
    return Recipe(**{name: held(name) for name in FIELDS})


def kept_recipe() -> Recipe:
    """The recipe as it is held, made to outlast this run where no widget holds it; the address bar says the same afterwards.

    Only before the widgets are drawn. Raises RecipeError.
    """
    address.tell_broken_values()
    recipe = held_recipe()
    hold(recipe)
    link(recipe)
    return recipe


def hold(recipe: Recipe) -> None:
    """Sets every widget to a recipe's values. Only before the widgets are drawn, or in a callback."""
    for each in fields(Recipe):
        st.session_state[keys.recipe_field(each.name)] = getattr(recipe, each.name)


def change(**values: Any) -> None:
    """Sets some of the fields. Only before the widgets are drawn, or in a callback. Raises RecipeError."""
    hold(held_recipe().changed(**values))


def link(recipe: Recipe) -> None:
    """Puts the recipe into the address bar; nothing where a bare address opens with it."""
    address.link_recipe(recipe, default=_quick(datasets.first()))


def take_recipe() -> bool:
    """Sets the widgets to the recipe of a link, `recipe=quick,epochs:6`, which it takes out of the address bar; whether there was
    one. Nothing is started.
    """
    text = st.query_params.get("recipe")
    if text is None:
        return False
    recipe, broken = text_form.read(text)
    for sentence in broken:
        note(f"{sentence} The rest of the link was applied.")
    hold(recipe)
    del st.query_params["recipe"]
    return True


def _unchosen() -> Recipe:
    """The recipe whose values hold where neither a widget nor the address bar has one: `quick`, which gives a good network within
    seconds, for the data that are chosen or at hand. But an address that names a field says in what a recipe differs from the
    2018 recipe.
    """
    if any(name in FIELDS for name in st.query_params):
        return Recipe()
    return _quick(st.session_state.get(keys.recipe_field("dataset")) or datasets.first())


@lru_cache
def _quick(dataset: str) -> Recipe:
    return preset("quick", dataset)
