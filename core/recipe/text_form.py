"""A recipe in a few words, for a link: `quick`, `recipe,epochs:6,dataset:mnist`. A preset, then whatever differs from it."""

from __future__ import annotations

from core.errors import RecipeError
from core.recipe import FIELDS, Recipe, plain_text
from core.recipe.presets import PRESETS, preset

_MOST_SHOWN = 30  # characters of what a link says wrong


def write(recipe: Recipe) -> str:
    """The shortest such text: from the preset that is nearest."""
    return min((_from(name, recipe) for name in PRESETS), key=lambda text: (text.count(","), len(text)))


def read(text: str) -> tuple[Recipe, list[str]]:
    """The recipe of a text, and a sentence for each part of it that cannot be; the other parts hold."""
    first, *parts = text.split(",")
    told, values = [], {}
    if first not in PRESETS:
        told.append(f"The link's recipe begins with {first[:_MOST_SHOWN]!r}, which is no preset; the 2018 recipe is taken.")
    for part in parts:
        name, _, value = part.partition(":")
        try:
            Recipe().changed(**{name: value})
        except RecipeError as error:
            told.append(str(error) if name in FIELDS else f"The link's recipe has {part[:_MOST_SHOWN]!r}, which is no field.")
        else:
            values[name] = value
    base = preset(first if first in PRESETS else "recipe", values.get("dataset", Recipe().dataset))
    return base.changed(**values), told


def _from(name: str, recipe: Recipe) -> str:
    differing = recipe.differences(preset(name, recipe.dataset))
    told = {field: plain_text(value) for field, (value, _) in differing.items()}
    if recipe.dataset != Recipe().dataset:
        told["dataset"] = recipe.dataset
    return ",".join([name, *(f"{field}:{value}" for field, value in told.items())])
