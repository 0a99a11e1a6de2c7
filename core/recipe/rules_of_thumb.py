"""Which values of a recipe can work at all, as measured by bench/rules_of_thumb.py: what batch normalisation remembers, and which
learning rates an optimiser can take. Pure. Knows nothing of TensorFlow.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from core.recipe.recipe import Recipe
from core.recipe.schedules import learning_rate

# A running average of momentum m remembers 1 / (1 - m) steps: after t steps its beginning, which says nothing of the data, still
# counts m^t. With ENOUGH_MEMORIES it counts for less than a hundredth.
ENOUGH_MEMORIES = 5.0
FEWEST_STEPS, ENOUGH_STEPS = 40, 160  # of the quick preset
_EASY_MOMENTUM = 0.9  # what the short presets have
_NUM_SAMPLES = 50  # of a schedule


class Rates(NamedTuple):
    """The learning rates of an optimiser: the highest that it can take, a good one, and the least way that it must go in a run.

    The way is the sum of the rates of all steps: Adam and its kin move each weight by about the rate, whatever the gradient.
    """

    highest: float
    good: float
    least_way: float


# Measured for RMSprop, Adam, SGD and Muon, with batch normalisation; AdamW and Nadam are taken to be like Adam.
RATES = {
    "rmsprop": Rates(0.1, 0.001, 0.05),
    "adam": Rates(0.1, 0.003, 0.05),
    "adamw": Rates(0.1, 0.003, 0.05),
    "nadam": Rates(0.1, 0.003, 0.05),
    "sgd": Rates(0.1, 0.01, 0.05),
    "muon": Rates(0.1, 0.02, 0.05),
}


def memory_steps(recipe: Recipe) -> float:
    """How many steps the running averages of batch normalisation look back; 0 for a network without it."""
    return 1 / (1 - recipe.batch_norm_momentum) if recipe.batch_norm else 0.0


def remembers_too_long(recipe: Recipe, num_steps: int) -> bool:
    """Whether a run of so many steps ends before the running averages have forgotten their beginning."""
    return num_steps < ENOUGH_MEMORIES * memory_steps(recipe)


def fitting_momentum(num_steps: int) -> float:
    """The highest momentum, 0.9 at most and 0.5 at least, that has forgotten its beginning after so many steps."""
    fitting = 1 - ENOUGH_MEMORIES / max(num_steps, 1)
    return max(0.5, min(_EASY_MOMENTUM, math.floor(100 * fitting) / 100))


def way(recipe: Recipe, num_steps: int) -> float:
    """The sum of the learning rates over a run of so many steps, as its schedule has them while the loss falls."""
    per_epoch = max(1, num_steps // recipe.epochs)
    steps = [round(place * (num_steps - 1) / (_NUM_SAMPLES - 1)) for place in range(_NUM_SAMPLES)]
    return num_steps * sum(learning_rate(recipe, step=step, steps_per_epoch=per_epoch) for step in steps) / _NUM_SAMPLES
