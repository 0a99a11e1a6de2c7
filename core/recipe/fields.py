"""How one choice of a recipe is shown, bounded and read from text. Knows neither the recipe nor TensorFlow."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import RecipeError


@dataclass(frozen=True)
class Knob:
    """How one field of the recipe is shown and bounded. `low` and `high` are both allowed values.

    `brief` names the value where there is room for one line only: "batch 128". `zero` is a word for
    the value 0. `also` lets in values beside the `choices`.
    """

    group: str
    label: str
    help: str
    low: float = -math.inf
    high: float = math.inf
    step: float = 1
    choices: Mapping[str, str] = field(default_factory=dict)
    format: str = "{}"
    brief: str = "{}"
    zero: str = ""
    also: re.Pattern[str] | None = None


def knob(default: Any, group: str, label: str, words: str, /, **bounds: Any) -> Any:
    """A field of a dataclass with its Knob, to be found among its fields."""
    return field(default=default, metadata={"knob": Knob(group, label, words, **bounds)})


def checked(knob: Knob, value: Any, default: Any) -> Any:
    """The value as the default's type; text is read. Raises RecipeError where it is none, or out of bounds."""
    if isinstance(default, bool):
        return _as_bool(knob, value)
    if isinstance(default, str):
        return _as_choice(knob, value)
    return _as_number(knob, value, whole=isinstance(default, int))


def _as_bool(knob: Knob, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "on", "1", "yes"):
        return True
    if str(value).lower() in ("false", "off", "0", "no"):
        return False
    raise RecipeError(f"{knob.label} is {value!r}; it must be true or false.")


def _as_choice(knob: Knob, value: Any) -> str:
    if value in knob.choices or (knob.also and knob.also.fullmatch(str(value))):
        return str(value)
    raise RecipeError(f"{knob.label} is {value!r}; choose one of: {', '.join(knob.choices)}.")


def _as_number(knob: Knob, value: Any, *, whole: bool) -> float:
    kind = "a whole number" if whole else "a number"
    bounds = f"{kind} from {knob.low:g} to {knob.high:g}" if knob.high < 2**31 - 1 else f"{kind}, {knob.low:g} or more"
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not knob.low <= number <= knob.high or (whole and number != int(number)):
        shown = repr(value) if math.isnan(number) else value
        raise RecipeError(f"{knob.label} is {shown}; it must be {bounds}.")
    return int(number) if whole else number
