"""The numbers of a recipe on sliders: where a thumb may stop, logarithmic where ratios matter, and shares in percent."""

from __future__ import annotations

from core.recipe import FIELDS, Recipe
from core.recipe.fields import PERCENT
from ui.widgets.sliders import Slider

_FILTERS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
_DECIMALS = 6
_STOPS: dict[str, tuple[float, ...]] = {
    "filters_1": _FILTERS,
    "filters_2": _FILTERS,
    "filters_3": _FILTERS,
    "filters_4": _FILTERS,
    "dense_units": (*_FILTERS[3:], 384, 512, 768, 1024),
    "batch_norm_momentum": (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999),
    "training_images": (0, 10, 20, 50, 100, 200, 300, 500, *(1000 * each for each in (1, 2, 3, 5, 10, 20, 30, 50, 70))),
    "kernel_size": (0, *range(2, 10)),
    "weight_decay": (0, *(float(f"{figure}e{power}") for power in (-4, -3, -2, -1) for figure in (1, 2, 5)), 1),
    "learning_rate": (*(float(f"{figure}e{power}") for power in (-4, -3, -2) for figure in (1, 1.5, 2, 3, 4, 6, 8)), 0.1),
    "plateau_patience": (*range(1, 21), 30, 50, 100),
    "epochs": (*range(1, 21), 25, 30, 40, 50),
    "batch_size": (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024),
    "shear_deg": (0, 0.1, 0.5, *range(1, 46)),
    "styles": (0, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10),
    "stop_patience": (*range(0, 21), 30, 50, 100),
    "stop_accuracy": (0, 0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.991, 0.992, 0.993, 0.994, 0.995, 0.996, 0.997, 0.998),
    "stop_minutes": (0, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 480, 720, 1440),
}
# A label ends where its unit stands behind the number.
_UNITS = {
    "rotation_deg": ("Rotation", "°"),
    "shear_deg": ("Shear", "°"),
    "plateau_patience": ("Plateau patience", " epochs"),
    "stop_patience": ("Patience", " epochs"),
    "stop_minutes": ("Time limit", " min"),
}


def on_slider(name: str) -> bool:
    """Whether the field is a number that a person turns: a seed is not."""
    field = FIELDS[name]
    return isinstance(getattr(Recipe(), name), int | float) and not isinstance(getattr(Recipe(), name), bool) and field.high < 1e6


def slider(name: str, recipe: Recipe, usual: Recipe, *, words: str = "", disabled: bool = False) -> Slider:
    """The field as `recipe` has it, with a mark at its value in `usual`; `words` are its help if not its own."""
    field, times = FIELDS[name], _times(name)
    label, unit = _UNITS.get(name, (field.label, "%" if times == 100 else ""))
    value, mark = (shown(name, getattr(each, name)) for each in (recipe, usual))
    low, high = times * field.low, times * field.high
    return Slider(name, label, value, mark, stops(name), low, high, words or field.help, after=unit, disabled=disabled)


def stops(name: str) -> tuple[float, ...]:
    """Where the field's thumb may stand, ascending, in the numbers that are shown."""
    field = FIELDS[name]
    steps = range(round((field.high - field.low) / field.step) + 1)
    return tuple(shown(name, each) for each in _STOPS.get(name, [field.low + field.step * step for step in steps]))


def shown(name: str, value: float) -> float:
    """The number that stands for a field's value on its slider."""
    return round(_times(name) * value, _DECIMALS)


def value(name: str, number: float) -> float:
    """The field's value for the number on its slider; where the field has none so low beside 0, its lowest."""
    if 0 < number < FIELDS[name].least:
        return FIELDS[name].least
    if isinstance(getattr(Recipe(), name), int):
        return round(number)
    return round(number / _times(name), _DECIMALS)


def _times(name: str) -> int:
    return 100 if FIELDS[name].format == PERCENT else 1
