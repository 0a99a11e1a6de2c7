"""How one field of a recipe is shown, bounded and read from text. Knows neither the recipe nor TensorFlow."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, SupportsFloat

from core.errors import RecipeError, quoted

PERCENT = "percent"  # the format of a share: 0.125 is shown as 12.5%


@dataclass(frozen=True)
class Field:
    """How one field of the recipe is shown and bounded. `low` and `high` are themselves allowed; between 0 and `least`, where 0
    stands for something else than a number, nothing is.

    `format` is PERCENT or a format string. `brief` is the value with a short name, for a single line: "batch 128". `zero` is the
    word for the value 0. `also` matches values that are allowed beside the `choices`.
    """

    group: str
    label: str
    help: str
    low: float = -math.inf
    high: float = math.inf
    least: float = 0
    step: float = 1
    choices: Mapping[str, str] = dataclass_field(default_factory=dict)
    format: str = "{}"
    brief: str = "{}"
    zero: str = ""
    also: re.Pattern[str] | None = None


def shown(field: Field, value: float) -> str:
    """A number in the field's format."""
    return f"{round(100 * value, 2):g}%" if field.format == PERCENT else field.format.format(value)


def recipe_field(default: Any, group: str, label: str, words: str, /, **bounds: Any) -> Any:
    """A dataclass field whose metadata hold its Field under "field"."""
    return dataclass_field(default=default, metadata={"field": Field(group, label, words, **bounds)})


def checked(field: Field, value: object, default: Any) -> Any:
    """The value, converted to the default's type. Raises RecipeError where that fails or the value is out of bounds.

    Whatever a link, a file or a database holds may be given: only text, numbers and truth values are read.
    """
    if type(value) is type(default):  # nearly always: a page makes dozens of recipes
        if isinstance(value, str):
            if value in field.choices:
                return value
        elif isinstance(value, bool) or _within(field, value):  # type: ignore[arg-type]
            return value
    if isinstance(default, bool):
        return _as_bool(field, value)
    if isinstance(default, str):
        return _as_choice(field, value)
    return _as_number(field, value, whole=isinstance(default, int))


def _as_bool(field: Field, value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower() if isinstance(value, str | int) else ""
    if word in ("true", "on", "1", "yes"):
        return True
    if word in ("false", "off", "0", "no"):
        return False
    raise RecipeError(f"{field.label} is {quoted(value)}; it must be true or false.")


def _as_choice(field: Field, value: object) -> str:
    if isinstance(value, str) and (value in field.choices or (field.also and field.also.fullmatch(value))):
        return value
    raise RecipeError(f"{field.label} is {quoted(value)}; choose one of: {', '.join(field.choices)}.")


def _as_number(field: Field, value: object, *, whole: bool) -> float:
    kind = "a whole number" if whole else "a number"
    low = field.least or field.low
    bounds = f"{kind} from {low:g} to {field.high:g}" if field.high < 2**31 - 1 else f"{kind}, {low:g} or more"
    if field.least:
        bounds = f"0 or {bounds}"
    try:
        number = float(value) if isinstance(value, SupportsFloat | str) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(value, bool) or not _within(field, number) or (whole and number != int(number)):
        shown = f"{number:g}" if isinstance(value, str) and math.isfinite(number) else quoted(value)
        raise RecipeError(f"{field.label} is {shown}; it must be {bounds}.")
    return int(number) if whole else number


def _within(field: Field, number: float) -> bool:
    return field.low <= number <= field.high and not 0 < number < field.least
