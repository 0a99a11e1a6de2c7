"""The Lab's settings: data, preset, and eight sliders for what matters most of the recipe."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from core.recipe import FIELDS, Recipe
from core.recipe.presets import PRESETS, preset, preset_name
from ui import downloads, held_recipe, recipe_form, recipe_sliders
from ui import session_keys as keys
from ui.browser import links
from ui.session import Lab
from ui.widgets.sliders import Slider, sliders

_FILTERS = ("filters_1", "filters_2", "filters_3", "filters_4")
_WIDTH, _DROPOUT = "width", "dropout"
_WIDTHS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0)
# In the 2018 recipe .35 after pooling goes with .5 before the output; every other preset has neither.
_DENSE_DROPOUT, _DROPOUT_STEP = 0.5 / 0.35, 0.05


_SHOWN = ("learning_rate", "batch_size", "epochs", "rotation_deg", "shift", "zoom")
_PLACE_OF_OTHERS = 3  # dropout and width stand after the epochs
_TURNED = {*_SHOWN, *_FILTERS, "dropout_conv", "dropout_dense"}


def settings(lab: Lab) -> Recipe:
    """Draws them; returns the recipe that they add up to. Raises RecipeError."""
    recipe = held_recipe.kept_recipe()
    recipe_form.field("dataset")
    if recipe.training_images:
        st.caption(f"Learns from {recipe.training_images:,} of its images.")
    downloads.mnist_button(lab)
    recipe_form.preset_select(recipe)
    base = _base(recipe)
    rows = [recipe_sliders.slider(name, recipe, base) for name in _SHOWN]
    rows[_PLACE_OF_OTHERS:_PLACE_OF_OTHERS] = [_dropout_row(recipe, base), _width_row(recipe, base)]
    sliders(rows, key=keys.LAB_SLIDERS, on_change=lambda values: take(values, base))
    links.to_page("train", "All settings", ":material/tune:")
    return recipe


def take(values: dict[str, float], base: Recipe) -> None:
    """Sets the fields that the sliders show as `values`; the width is a multiple of the filters of `base`. For a callback."""
    changes: dict[str, Any] = {name: recipe_sliders.value(name, values[name]) for name in _SHOWN if name in values}
    if _DROPOUT in values:
        changes["dropout_conv"] = round(values[_DROPOUT] / 100, 4)
        changes["dropout_dense"] = dense_dropout(changes["dropout_conv"])
    if _WIDTH in values:
        changes |= widened(base, values[_WIDTH])
    held_recipe.change(**changes)


def dense_dropout(dropout: float) -> float:
    """The dropout before the output that goes with `dropout` after pooling, in the ratio of the 2018 recipe."""
    return round(min(_DROPOUT_STEP * round(dropout * _DENSE_DROPOUT / _DROPOUT_STEP), FIELDS["dropout_dense"].high), 2)


def widened(base: Recipe, factor: float) -> dict[str, int]:
    """The filters of `base` times `factor`, within their bounds."""
    return {name: int(min(max(round(getattr(base, name) * factor), FIELDS[name].low), FIELDS[name].high)) for name in _FILTERS}


def width(recipe: Recipe, base: Recipe) -> float:
    """By what the filters of `base` are multiplied in `recipe`; a mean where they are by different factors."""
    exact = [factor for factor in _WIDTHS if widened(base, factor) == {name: getattr(recipe, name) for name in _FILTERS}]
    if exact:
        return min(exact, key=lambda factor: abs(math.log(factor)))
    ratios = [math.log(getattr(recipe, name) / getattr(base, name)) for name in _FILTERS]
    return round(math.exp(sum(ratios) / len(ratios)), 2)


def _base(recipe: Recipe) -> Recipe:
    """The preset that the recipe departs from: the last one that it was, as long as no field without a slider says otherwise."""
    name = preset_name(recipe)
    if name in PRESETS:
        st.session_state[keys.LAB_BASE] = name
    kept = st.session_state.get(keys.LAB_BASE)

    def apart(name: str) -> tuple[int, bool, int]:
        fields = set(recipe.differences(preset(name, recipe.dataset)))
        return len(fields - _TURNED), name != kept, len(fields)

    return preset(min(PRESETS, key=apart), recipe.dataset)


def _dropout_row(recipe: Recipe, base: Recipe) -> Slider:
    value, usual = (round(100 * each.dropout_conv, 4) for each in (recipe, base))
    words = f"{FIELDS['dropout_conv'].help} Before the output it is {dense_dropout(0.35) / 0.35:.1f} times as much."
    return Slider(_DROPOUT, "Dropout", value, usual, tuple(range(0, 75, 5)), 0, 90, words, after="%")


def _width_row(recipe: Recipe, base: Recipe) -> Slider:
    filters = ", ".join(str(getattr(recipe, name)) for name in _FILTERS)
    words = f"How many patterns each layer looks for, as a multiple of the preset's. Now {filters}."
    return Slider(_WIDTH, "Width", width(recipe, base), 1.0, _WIDTHS, 0.1, 8.0, words, before="×")
