"""The list of runs: its filters, its orders, and how each recipe differs from the nearest preset. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from core.recipe import FIELDS, Recipe, brief_text
from core.recipe.architectures import num_parameters
from core.recipe.presets import CUT, PRESET_TITLES, PRESETS, preset
from core.runs.summary import RunSummary

_LAST = float("inf")
_FILTERS = tuple(name for name in FIELDS if name.startswith("filters_"))
_CHIP = 4  # characters that the edge of a chip and the gap to the next one take
_PUBLISHED = Recipe()


@lru_cache(maxsize=4096)
def parameters(recipe: Recipe) -> int:
    """The number of parameters of the recipe's network, cached."""
    return num_parameters(recipe)


# An order's name in a link -> its title, and the ascending sort key.
ORDERS: dict[str, tuple[str, Callable[[RunSummary], Any]]] = {
    "newest": ("Newest first", lambda row: -row.number),
    "accuracy": ("Best accuracy first", lambda row: -row.best.val_accuracy if row.best else _LAST),
    "seconds": ("Shortest first", lambda row: row.active_s),
    "parameters": ("Fewest parameters first", lambda row: parameters(row.recipe)),
    "name": ("By name", lambda row: row.name.casefold()),
}
# A state's name in a link -> its title, and whether a run is in it.
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
    """The runs in one of STATES whose name, tags and note contain each of the `words`, in one of ORDERS."""
    wanted = words.casefold().split()
    kept = [row for row in rows if STATES[state][1](row) and (row.starred or not starred) and _has(row, wanted)]
    return sorted(kept, key=ORDERS[order][1])


@lru_cache(maxsize=4096)
def differences(recipe: Recipe) -> tuple[str, ...]:
    """ "Quick", "rate 0.003", "6 epochs": the nearest preset, and the recipe's value of each field that differs from it."""
    cut = {name: getattr(recipe, name) for name in CUT}
    same_data = {name: preset(name, recipe.dataset).changed(**cut) for name in PRESETS}
    apart = {name: recipe.differences(other) for name, other in same_data.items()}
    nearest = min(apart, key=lambda name: len(apart[name]))
    names = [*(name for name in CUT if cut[name] != getattr(_PUBLISHED, name)), *apart[nearest]]
    return PRESET_TITLES[nearest], *dict.fromkeys(_together(recipe, name) for name in names)


def _together(recipe: Recipe, name: str) -> str:
    """A field's value; "filters 16/48/64/96" for any of the four, which change together more often than not."""
    if name not in _FILTERS:
        return _brief(name, getattr(recipe, name))
    return f"filters {'/'.join(str(getattr(recipe, each)) for each in _FILTERS)}"


def shortened(texts: Sequence[str], room: int) -> list[str]:
    """As many of the `texts` as stand side by side in `room` characters, then "+4" for those left out; the first one always."""
    shown, width = list(texts[:1]), sum(len(text) + _CHIP for text in texts[:1])
    for place, text in enumerate(texts[1:], start=1):
        width += len(text) + _CHIP
        if width + (_CHIP + 3) * (place + 1 < len(texts)) > room:
            return [*shown, f"+{len(texts) - place}"]
        shown.append(text)
    return shown


def from_published(recipe: Recipe) -> list[str]:
    """In what the recipe differs from the published one on the same data, in a few words for each field."""
    names = recipe.differences(Recipe(**recipe.validation_key._asdict()))
    return list(dict.fromkeys(_together(recipe, name) for name in names))


def differing(recipes: Sequence[Recipe]) -> list[str]:
    """The names of the fields in which the recipes differ, in the order of FIELDS."""
    return [name for name in FIELDS if len({getattr(recipe, name) for recipe in recipes}) > 1]


def _brief(name: str, value: Any) -> str:
    """A field's value, with its name where the value alone would not say which field it is."""
    text = brief_text(name, value)
    plain = FIELDS[name].brief == "{}" and not FIELDS[name].choices
    return f"{name.replace('_', ' ')}: {text}" if plain else text


def _has(row: RunSummary, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = "\n".join((row.name, *row.tags, row.note)).casefold()
    return all(word in text for word in words)
