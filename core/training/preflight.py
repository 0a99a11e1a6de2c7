"""What will go wrong with a recipe, said before it is started, each with the change that mends it. Pure: recipe, number of
images, forecast and past runs in, findings out. The thresholds are in core/recipe/rules_of_thumb.py. No TensorFlow.

Of wide networks nothing is said: in as many steps they learn more than narrow ones (bench/rules_of_thumb.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.constants import NUM_CLASSES
from core.recipe import FIELDS, OPTIMIZERS, Recipe, rules_of_thumb, value_text
from core.recipe.schedules import num_added, steps_per_epoch
from core.runs.seeds import next_seed
from core.runs.summary import RunSummary

_ENOUGH_BATCHES = 20  # an epoch, where the batch size is mended
_GUESSES_BELOW = 3  # memories of batch normalisation: with 2.7 a run that read 75 % of its training images scored 10.3 %
_ROOM = 0.9  # of a time limit, as a forecast is not exact


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `sentence` says what and why, `mend` in two or three words what `mended` changes.

    `kind`: batch, steps, memory, activation, rate, time or again. `grave`: the run would fail, or hardly read a digit.
    """

    kind: str
    sentence: str
    mend: str
    mended: Recipe
    grave: bool = True


def findings(
    recipe: Recipe,
    num_images: int,
    *,
    seconds: float | None = None,
    past: Sequence[RunSummary] = (),
    from_scratch: bool = True,
) -> list[Finding]:
    """What is wrong with training `recipe` on `num_images` training images, the gravest first.

    `seconds` is its forecast without the recipe's time limit, None if unknown. `past` are all runs, newest first, with those that
    wait or train. A branch, which is not `from_scratch`, begins with running averages and repeats no run.
    """
    found = (
        _batch(recipe, num_images),
        (_steps(recipe, num_images) or _memory(recipe, num_images)) if from_scratch else None,
        _activation(recipe) if from_scratch else None,
        _rate(recipe, num_images, from_scratch),
        _time(recipe, seconds),
        _again(recipe, past) if from_scratch else None,
    )
    return [each for each in found if each]


def mended(recipe: Recipe, num_images: int, *, seconds: float | None = None, past: Sequence[RunSummary] = ()) -> Recipe:
    """The recipe with everything mended that `findings` names."""
    for _ in range(10):  # one change may call for the next: a smaller batch takes longer
        found = findings(recipe, num_images, seconds=seconds, past=past)
        if not found:
            break
        recipe = found[0].mended
    return recipe


def _batch(recipe: Recipe, num_images: int) -> Finding | None:
    """A run needs a whole batch of real images, and more than one step an epoch."""
    in_epoch = num_images + num_added(recipe, num_images)
    if recipe.batch_size <= num_images and recipe.batch_size < in_epoch:
        return None
    size = _fitting_batch(recipe, num_images)
    if size >= recipe.batch_size:
        return None  # there are too few images for any batch
    fails = recipe.batch_size > num_images
    then = "the run could not start" if fails else "each epoch would be a single step"
    sentence = f"A batch of {recipe.batch_size:,} is more than the {num_images:,} training images: {then}."
    return Finding("batch", sentence, f"Set batch {size}", recipe.changed(batch_size=size))


def _fitting_batch(recipe: Recipe, num_images: int) -> int:
    """The largest power of two that leaves a score of steps an epoch, at least the field's lowest."""
    low = int(FIELDS["batch_size"].low)
    in_epoch = num_images + num_added(recipe, num_images)
    most = min(in_epoch // _ENOUGH_BATCHES, num_images, recipe.batch_size)
    return max(low, 2 ** int(math.log2(most)) if most >= 1 else low)


def _steps(recipe: Recipe, num_images: int) -> Finding | None:
    """Few images give few steps in as many epochs."""
    num_steps = _num_steps(recipe, num_images)
    if num_steps >= rules_of_thumb.FEWEST_STEPS:
        return None
    per_epoch = steps_per_epoch(recipe, num_images)
    epochs = min(math.ceil(rules_of_thumb.ENOUGH_STEPS / per_epoch), int(FIELDS["epochs"].high))
    sentence = f"{num_steps:,} step{'s are' if num_steps > 1 else ' is'} too few to learn much from {num_images:,} images."
    return Finding("steps", sentence, f"Set {epochs} epochs", recipe.changed(epochs=epochs))


def _memory(recipe: Recipe, num_images: int) -> Finding | None:
    """Batch normalisation answers with running averages, which begin at 0 and 1 whatever the data."""
    num_steps = _num_steps(recipe, num_images)
    if not rules_of_thumb.remembers_too_long(recipe, num_steps):
        return None
    momentum = rules_of_thumb.fitting_momentum(num_steps)
    if momentum >= recipe.batch_norm_momentum:
        return None  # too few steps for any momentum
    guesses = num_steps < _GUESSES_BELOW * rules_of_thumb.memory_steps(recipe)
    then = f"it would score about {1 / NUM_CLASSES:.0%}" if guesses else "validation would lag behind training"
    sentence = f"{num_steps:,} steps are too few for batch normalisation with momentum {recipe.batch_norm_momentum:g}: {then}."
    return Finding("memory", sentence, f"Set momentum {momentum:g}", recipe.changed(batch_norm_momentum=momentum))


def _activation(recipe: Recipe) -> Finding | None:
    """A sigmoid has a slope of a quarter at most: each layer lets so little of the gradient through."""
    if recipe.activation != "sigmoid" or recipe.batch_norm:
        return None
    sentence = (
        "Sigmoid without batch normalisation lets hardly any gradient through: after hundreds of steps a network may still guess."
    )
    return Finding("activation", sentence, "Set batch normalisation on", recipe.changed(batch_norm=True))


def _rate(recipe: Recipe, num_images: int, from_scratch: bool) -> Finding | None:
    rates, name = rules_of_thumb.RATES[recipe.optimizer], OPTIMIZERS[recipe.optimizer].split(" ")[0]
    way = rules_of_thumb.way(recipe, num_steps := _num_steps(recipe, num_images))
    if recipe.learning_rate > rates.highest:
        sentence = (
            f"A learning rate of {recipe.learning_rate:g} is more than {name} can take, about {rates.highest:g}: "
            "the loss would jump instead of falling."
        )
    elif from_scratch and way < rates.least_way:
        steps = f"{num_steps:,} steps"
        sentence = f"A learning rate of {recipe.learning_rate:g} is too small for {steps}: {name} would hardly move the weights."
    else:
        return None
    good = _good_rate(recipe, num_images)
    if good == recipe.learning_rate:
        return None
    return Finding("rate", sentence, f"Set rate {good:g}", recipe.changed(learning_rate=good))


def _good_rate(recipe: Recipe, num_images: int) -> float:
    """The optimiser's good rate, or more of it where the steps are few."""
    rates = rules_of_thumb.RATES[recipe.optimizer]
    way = rules_of_thumb.way(recipe.changed(learning_rate=rates.good), _num_steps(recipe, num_images))
    needed = rates.good * max(1.0, rates.least_way / max(way, 1e-9))
    return float(f"{min(needed, rates.highest):.1g}")


def _time(recipe: Recipe, seconds: float | None) -> Finding | None:
    limit_s = 60 * recipe.stop_minutes
    if not limit_s or seconds is None or seconds <= limit_s:
        return None
    share = limit_s / seconds
    sentence = (
        f"It needs about {_minutes(seconds)}, and its time limit is {_minutes(limit_s)}: it would end in epoch "
        f"{max(1, math.ceil(share * recipe.epochs))} of {recipe.epochs}"
        f"{', before its learning rate comes down' if recipe.schedule == 'one-cycle' else ''}."
    )
    epochs = math.floor(_ROOM * share * recipe.epochs)
    if epochs >= 1:
        words = "1 epoch" if epochs == 1 else f"{epochs} epochs"
        return Finding("time", sentence, f"Set {words}", recipe.changed(epochs=epochs), grave=False)
    minutes = float(min(math.ceil(seconds / 60 / _ROOM), FIELDS["stop_minutes"].high))
    return Finding("time", sentence, f"Set {minutes:g} minutes", recipe.changed(stop_minutes=minutes), grave=False)


def _again(recipe: Recipe, past: Sequence[RunSummary]) -> Finding | None:
    same = [row for row in past if row.recipe == recipe and row.parent_id is None]
    active = next((row for row in same if row.active), None)
    # Confirmed label faults may have changed since, and a person's hand on the rate has no part in the recipe.
    whole = (
        row
        for row in same
        if row.state == "finished" and row.num_epochs == recipe.epochs and not row.rate_changes and not recipe.leave_out_faults
    )
    before = active or next(whole, None)
    if before is None:
        return None
    sentence = f"Same recipe and seed as {before.name}: same result."
    seed = next_seed(recipe, [row.recipe for row in past])
    return Finding("again", sentence, f"Take seed {value_text('seed', seed)}", recipe.changed(seed=seed), grave=False)


def _num_steps(recipe: Recipe, num_images: int) -> int:
    return recipe.epochs * steps_per_epoch(recipe, num_images)


def _minutes(seconds: float) -> str:
    """ "40 s", "4 min", "1.5 min"."""
    return f"{seconds:.0f} s" if seconds < 60 else f"{float(f'{seconds / 60:.2g}'):g} min"
