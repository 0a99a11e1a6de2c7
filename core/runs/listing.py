"""The list of runs as a person wants it: in which order, which of them, and what sets each apart. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from core.recipe import FIELDS, Recipe, brief_text
from core.recipe.architectures import num_parameters
from core.recipe.presets import CUT, PRESET_TITLES, PRESETS, preset
from core.runs.summary import RunSummary

_LAST = float("inf")
_PUBLISHED = Recipe()


@lru_cache(maxsize=4096)
def parameters(recipe: Recipe) -> int:
    """How many numbers the recipe's network has."""
    return num_parameters(recipe)


# Order by its name in a link: its title, and what runs are sorted by, ascending.
ORDERS: dict[str, tuple[str, Callable[[RunSummary], Any]]] = {
    "newest": ("Newest first", lambda row: -row.number),
    "accuracy": ("Best accuracy first", lambda row: -row.best.val_accuracy if row.best else _LAST),
    "seconds": ("Shortest first", lambda row: row.active_s),
    "parameters": ("Fewest parameters first", lambda row: parameters(row.recipe)),
    "name": ("By name", lambda row: row.name.casefold()),
}
# State by its name in a link: its title, and whether a run is in it.
STATES: dict[str, tuple[str, Callable[[RunSummary], bool]]] = {
    "any": ("Any state", lambda row: True),
    "training": ("Training or in the queue", lambda row: row.active),
    "finished": ("Finished", lambda row: row.state == "finished"),
    "cut-short": ("Stopped or interrupted", lambda row: row.state in ("stopped", "interrupted")),
    "failed": ("Failed", lambda row: row.state == "failed"),
}


def listed(
    rows: Sequence[RunSummary], *, words: str = "", state: str = "any", starred: bool = False, order: str = "newest"
) -> list[RunSummary]:
    """Those whose name, tags and note have each of the `words` in them, in a state of STATES, in an order of ORDERS."""
    wanted = words.casefold().split()
    kept = [row for row in rows if STATES[state][1](row) and (row.starred or not starred) and _has(row, wanted)]
    return sorted(kept, key=ORDERS[order][1])


@lru_cache(maxsize=4096)
def differences_text(recipe: Recipe) -> str:
    """ "Quick, rate 0.003, 6 epochs": the preset that is nearest, and each field in which the recipe differs from it."""
    cut = {name: getattr(recipe, name) for name in CUT}
    same_data = {name: preset(name, recipe.dataset).changed(**cut) for name in PRESETS}
    differing = {name: recipe.differences(other) for name, other in same_data.items()}
    nearest = min(differing, key=lambda name: len(differing[name]))
    names = [*(name for name in CUT if cut[name] != getattr(_PUBLISHED, name)), *differing[nearest]]
    return ", ".join([PRESET_TITLES[nearest], *(_brief(name, getattr(recipe, name)) for name in names)])


def differing(recipes: Sequence[Recipe]) -> list[str]:
    """The fields in which not all of the recipes agree, in the order of the form."""
    return [name for name in FIELDS if len({getattr(recipe, name) for recipe in recipes}) > 1]


def _brief(name: str, value: Any) -> str:
    """A field's value with its name where the value alone would not say which it is."""
    text = brief_text(name, value)
    plain = FIELDS[name].brief == "{}" and not FIELDS[name].choices
    return f"{name.replace('_', ' ')}: {text}" if plain else text


def _has(row: RunSummary, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = "\n".join((row.name, *row.tags, row.note)).casefold()
    return all(word in text for word in words)
