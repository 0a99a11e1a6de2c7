"""A recipe as a short text for a link: `quick`, `recipe,epochs:6,dataset:mnist`. A preset, then what differs from it."""

from __future__ import annotations

from core.errors import RecipeError, quoted
from core.recipe import FIELDS, Recipe, plain_text
from core.recipe.presets import PRESETS, preset

_LONGEST = 4000  # characters, several times what all fields take


def write(recipe: Recipe) -> str:
    """The shortest text: it starts from the nearest preset."""
    return min((_from(name, recipe) for name in PRESETS), key=lambda text: (text.count(","), len(text)))


def read(text: str) -> tuple[Recipe, list[str]]:
    """The recipe of a text, and a sentence for each part that is invalid and therefore ignored."""
    if len(text) > _LONGEST:
        return Recipe(), [f"The link's recipe has {len(text):,} characters, which no recipe has; the 2018 recipe is used."]
    first, *parts = text.split(",")
    problems, values = [], {}
    if first not in PRESETS:
        problems.append(f"The link's recipe begins with {quoted(first)}, which is not a preset; the 2018 recipe is used.")
    for part in parts:
        name, _, value = part.partition(":")
        try:
            Recipe().changed(**{name: value})
        except RecipeError as error:
            unknown = f"The link's recipe has {quoted(part)}, which is not a field."
            problems.append(str(error) if name in FIELDS else unknown)
        else:
            values[name] = value
    base = preset(first if first in PRESETS else "recipe", values.get("dataset", Recipe().dataset))
    return base.changed(**values), problems


def _from(name: str, recipe: Recipe) -> str:
    differing = recipe.differences(preset(name, recipe.dataset))
    parts = {field: plain_text(value) for field, (value, _) in differing.items()}
    if recipe.dataset != Recipe().dataset:
        parts["dataset"] = recipe.dataset
    return ",".join([name, *(f"{field}:{value}" for field, value in parts.items())])
