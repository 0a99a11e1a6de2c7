"""Recipes to begin with, by name. Knows nothing of TensorFlow."""

from __future__ import annotations

from typing import Any

from core.errors import RecipeError
from core.recipe import Recipe

CUT = ("validation_share", "split_seed", "leave_out_faults")  # fields that say how the data are cut, so no preset sets them
_SHORT: dict[str, Any] = {
    "architecture": "compact",
    "batch_norm_momentum": 0.9,  # .99 lags behind in a run of some hundred steps
    "dropout_conv": 0.0,
    "dropout_dense": 0.0,
    "optimizer": "adam",
    "schedule": "one-cycle",  # whose peak is the learning rate
    "label_smoothing": 0.1,
}
# fmt: off
PRESETS: dict[str, Recipe] = {
    "quick": Recipe(
        **_SHORT | {"architecture": "strided"}, filters_1=32, filters_2=32, filters_3=64, learning_rate=0.02, epochs=7,
        rotation_deg=8.0, shift=0.07, zoom=0.08, styles=0.1,
    ),
    "recipe": Recipe(),
    "best": Recipe(
        **_SHORT, filters_1=32, filters_2=64, filters_3=96, filters_4=128, learning_rate=0.006, epochs=16,
        rotation_deg=8.0, shift=0.07, zoom=0.08, shear_deg=5.0, styles=0.3,
    ),
    # Costs a little accuracy on MNIST's own images: more than half of what it sees is by other hands and pens.
    "hands": Recipe(
        **_SHORT, filters_1=32, filters_2=64, filters_3=96, filters_4=128, learning_rate=0.006, epochs=18,
        zoom=0.15, shear_deg=15.0, styles=1.3,
    ),
    # So small a network has nothing to spare: not for images that are far from those it is scored on, nor for short floats.
    "tiny": Recipe(
        **_SHORT | {"architecture": "recipe", "label_smoothing": 0.0}, filters_1=6, filters_2=8, filters_3=10, filters_4=10,
        dense_units=15, learning_rate=0.02, epochs=15, rotation_deg=5.0, shift=0.04, zoom=0.05, precision="float32",
    ),
}
# fmt: on
PRESET_TITLES = {"quick": "Quick", "recipe": "2018 recipe", "best": "Best", "hands": "Hands", "tiny": "Tiny"}
PRESET_WORDS = {
    "quick": "good after seconds",
    "recipe": "as it was published",
    "best": "reads most of MNIST",
    "hands": "reads most of what people draw",
    "tiny": "under 5,000 parameters",
}
# The built-in digits are few: smaller batches for more steps, more epochs, and augmentation and drawn digits towards other hands
# than their 13 writers' (chosen on MNIST's training images, the drawn ones on its first 42,000; see bench/builtin_digits.py).
# From so few, a network that forgets where in the picture it has seen what reads other hands better.
# fmt: off
_FEW_IMAGES = {
    "batch_size": 32, "learning_rate": 0.006, "rotation_deg": 10.0, "zoom": 0.3, "shift": 0.05, "shear_deg": 35.0, "styles": 4.0,
}
# fmt: on
_FEW_IMAGES_ALONE: dict[str, dict[str, Any]] = {
    "quick": {"epochs": 10, "architecture": "compact", "filters_1": 16, "filters_2": 48, "filters_3": 64, "filters_4": 96},
    "best": {"epochs": 20},
    "hands": {"epochs": 30},
    "tiny": {"epochs": 20},
}


def preset(name: str, dataset: str) -> Recipe:
    """A preset by name, for a data set: all but the published recipe ask for other values where images are few.

    Raises RecipeError.
    """
    if name not in PRESETS:
        raise RecipeError(f"There is no preset {name!r}. The presets are: {', '.join(PRESETS)}.")
    few = dataset == "digits" and name in _FEW_IMAGES_ALONE
    return PRESETS[name].changed(dataset=dataset, **({**_FEW_IMAGES, **_FEW_IMAGES_ALONE[name]} if few else {}))


def preset_name(recipe: Recipe) -> str:
    """The preset that the recipe equals but for what it says about the data; else "mine"."""
    cut = {name: getattr(recipe, name) for name in CUT}
    for name in PRESETS:
        if preset(name, recipe.dataset).changed(**cut) == recipe:
            return name
    return "mine"
