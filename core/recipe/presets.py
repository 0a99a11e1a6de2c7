"""Recipes to start from, by name. Knows nothing of TensorFlow."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from core.errors import RecipeError, quoted
from core.recipe import Recipe

# How the data are split: no preset sets these.
CUT = ("training_images", "validation_share", "split_seed", "split_by_group", "leave_out_faults")
_SHORT: dict[str, Any] = {
    "architecture": "compact",
    "batch_norm_momentum": 0.9,  # 0.99 lags behind in a run of a few hundred steps
    "dropout_conv": 0.0,
    "dropout_dense": 0.0,
    "optimizer": "adam",
    "schedule": "one-cycle",  # the learning rate is its peak
    "label_smoothing": 0.1,
}
# fmt: off
PRESETS: dict[str, Recipe] = {
    "quick": Recipe(
        **_SHORT | {"architecture": "strided", "optimizer": "muon", "label_smoothing": 0.05}, filters_1=32, filters_2=32,
        filters_3=64, dense_units=128, learning_rate=0.05, epochs=3, rotation_deg=8.0, shift=0.07, zoom=0.08,
    ),
    "recipe": Recipe(),
    "best": Recipe(
        **_SHORT, filters_1=32, filters_2=64, filters_3=96, filters_4=128, learning_rate=0.006, epochs=16,
        rotation_deg=8.0, shift=0.07, zoom=0.08, shear_deg=5.0, styles=0.3,
    ),
    # Loses a little accuracy on MNIST itself: more than half of its training images are synthetic.
    "hands": Recipe(
        **_SHORT, filters_1=32, filters_2=64, filters_3=96, filters_4=128, learning_rate=0.006, epochs=18,
        zoom=0.15, shear_deg=15.0, styles=1.3,
    ),
    # A network this small has no capacity to spare for images unlike MNIST's, and loses accuracy with 16-bit floats.
    "tiny": Recipe(
        **_SHORT | {"architecture": "recipe", "label_smoothing": 0.0}, filters_1=6, filters_2=8, filters_3=10, filters_4=10,
        dense_units=15, learning_rate=0.02, epochs=15, rotation_deg=5.0, shift=0.04, zoom=0.05, precision="float32",
    ),
}
# fmt: on
PRESET_TITLES = {"quick": "Quick", "recipe": "2018 recipe", "best": "Best", "hands": "Hands", "tiny": "Tiny"}
PRESET_WORDS = {
    "quick": "good within seconds",
    "recipe": "as published",
    "best": "the highest accuracy on MNIST",
    "hands": "the best at other people's handwriting",
    "tiny": "under 5,000 parameters",
}
# The built-in digits are few, by 13 writers: smaller batches give more steps, and more epochs, augmentation and synthetic digits
# help with the handwriting of others (chosen on MNIST's training images, the synthetic share on the first 42,000 of them; see
# bench/builtin_digits.py). With so few images, the global max pooling of the compact network generalises better.
# fmt: off
_FEW_IMAGES = {
    "batch_size": 32, "learning_rate": 0.006, "rotation_deg": 10.0, "zoom": 0.3, "shift": 0.05, "shear_deg": 35.0, "styles": 4.0,
}
# fmt: on
_FOR_FEW_IMAGES: dict[str, dict[str, Any]] = {
    "quick": {
        **_FEW_IMAGES,
        "label_smoothing": 0.1,
        "batch_size": 48,
        "learning_rate": 0.03,
        "epochs": 4,
        "architecture": "compact",
        "filters_1": 16,
        "filters_2": 48,
        "filters_3": 64,
        "filters_4": 96,
    },
    "best": {**_FEW_IMAGES, "epochs": 20},
    "hands": {**_FEW_IMAGES, "epochs": 30},
    "tiny": {**_FEW_IMAGES, "epochs": 20},
    # As published it takes 144 steps, too few for its batch normalisation, and ends at 10 %: see bench/presets.py.
    "recipe": {"batch_size": 32, "batch_norm_momentum": 0.9},
}


@lru_cache(maxsize=256)
def preset(name: str, dataset: str) -> Recipe:
    """A preset by name, for a data set: with other values for the few built-in digits. Raises RecipeError."""
    if name not in PRESETS:
        raise RecipeError(f"There is no preset {quoted(name)}. The presets are: {', '.join(PRESETS)}.")
    return PRESETS[name].changed(dataset=dataset, **(_FOR_FEW_IMAGES[name] if dataset == "digits" else {}))


def adapted(name: str, dataset: str) -> tuple[str, ...]:
    """The fields in which a preset has other values for this data set than for MNIST."""
    return tuple(preset(name, dataset).differences(PRESETS[name].changed(dataset=dataset)))


@lru_cache(maxsize=1024)
def preset_name(recipe: Recipe) -> str:
    """The preset that the recipe equals except for its data and their split; "mine" where there is none."""
    return next((name for name in PRESETS if not _apart(recipe, name)), "mine")


@lru_cache(maxsize=256)
def nearest(recipe: Recipe) -> tuple[str, tuple[str, ...]]:
    """The preset that has most values in common with the recipe, and the fields in which they differ, data and split aside."""
    apart = {name: tuple(_apart(recipe, name)) for name in PRESETS}
    name = min(apart, key=lambda each: len(apart[each]))
    return name, apart[name]


def _apart(recipe: Recipe, name: str) -> dict[str, tuple[Any, Any]]:
    return recipe.differences(preset(name, recipe.dataset).changed(**{field: getattr(recipe, field) for field in CUT}))
