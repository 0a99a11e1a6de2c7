"""Recipes to begin with, by name. Knows nothing of TensorFlow."""

from __future__ import annotations

from core.errors import RecipeError
from core.recipe import Recipe

CUT = ("validation_share", "split_seed", "leave_out_faults")  # fields that say how the data are cut, so no preset sets them
PRESETS: dict[str, Recipe] = {
    "quick": Recipe(
        architecture="compact",
        filters_1=16,
        filters_2=48,
        filters_3=64,
        filters_4=96,
        batch_norm_momentum=0.9,  # .99 lags behind in a run of some hundred steps
        dropout_conv=0.0,
        dropout_dense=0.0,
        optimizer="adam",
        learning_rate=0.006,  # the peak of the cycle
        schedule="one-cycle",
        epochs=4,
        label_smoothing=0.1,
    ),
    "recipe": Recipe(),
}
PRESET_TITLES = {"quick": "Quick", "recipe": "2018 recipe"}
# The built-in digits are few: smaller batches for more steps, more epochs, and augmentation and drawn digits towards other hands
# than their 13 writers' (chosen on MNIST's training images, the drawn ones on its first 42,000; see bench/builtin_digits.py).
_FEW_IMAGES = {"batch_size": 32, "epochs": 10, "zoom": 0.3, "shift": 0.05, "shear_deg": 35.0, "styles": 4.0}


def preset(name: str, dataset: str) -> Recipe:
    """A preset by name, for a data set: `quick` asks for other values where images are few. Raises RecipeError."""
    if name not in PRESETS:
        raise RecipeError(f"There is no preset {name!r}. The presets are: {', '.join(PRESETS)}.")
    few = _FEW_IMAGES if (name, dataset) == ("quick", "digits") else {}
    return PRESETS[name].changed(dataset=dataset, **few)


def preset_name(recipe: Recipe) -> str:
    """The preset that the recipe equals but for what it says about the data; else "mine"."""
    cut = {name: getattr(recipe, name) for name in CUT}
    for name in PRESETS:
        if preset(name, recipe.dataset).changed(**cut) == recipe:
            return name
    return "mine"
