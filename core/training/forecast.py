"""How long a recipe will take on this machine and how accurate it will be: from its measured speed, corrected by past runs. No
TensorFlow.
"""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np

from core import datasets
from core.recipe import SOURCES, Recipe, architectures
from core.recipe.presets import preset_name
from core.recipe.schedules import num_added, steps_per_epoch
from core.runs.summary import RunSummary
from core.store import Speed, Store
from core.system import machine
from core.training import speed as measured
from core.training.speed import FLOP, PASSES

_NUM_PAST = 5  # the last runs that are like it correct the measurement: machines change
_CORRECTIONS = (0.2, 5.0)  # outside of these, the runs were made on another machine
# What is measured on two cores, with instructions for bfloat16 and without; for the half minute until it has measured these.
_TYPICAL = {
    "bfloat16": Speed(flop_per_s=4e11, step_s=0.002, startup_s=3.0),
    "plain": Speed(flop_per_s=1e11, step_s=0.003, startup_s=3.0),
}
_TYPICAL_CORES = 2
# Lowest and highest validation accuracy over seeds, as scripts in bench/ print them, for a preset that was never trained here.
_MEASURED = {
    ("quick", "digits"): (0.9806, 0.9806),  # bench/builtin_digits.py, seeds 13 to 15
    ("quick", "recipe-split"): (0.9940, 0.9946),  # bench/time_to_accuracy.py, seeds 13 to 17
    ("recipe", "recipe-split"): (0.9912, 0.9939),  # bench/accuracy.py, seeds 13 to 15
    ("tiny", "recipe-split"): (0.9895, 0.9918),  # bench/accuracy.py, seeds 13 to 15
}


def seconds(recipe: Recipe, store: Store, past: Sequence[RunSummary]) -> float | None:
    """Seconds from start to end, corrected by the finished ones of `past` (newest first); by what is typical of such a processor
    before its speed is measured. None for an upload that is gone.
    """
    speed = speed_of(recipe, store)
    if not _size_is_known(recipe):
        return None
    alike = [row for row in past if _whole(row) and _alike(row.recipe, recipe) and _size_is_known(row.recipe)]
    startup_s, pace = _corrected(alike[:_NUM_PAST], speed)
    expected = startup_s + pace * _work_s(recipe, speed)
    return min(expected, 60 * recipe.stop_minutes) if recipe.stop_minutes else expected


def speed_of(recipe: Recipe, store: Store) -> Speed:
    """How fast this machine trains such a network, as measured; before that, what is typical of such a processor."""
    speeds = measured.known(store)
    return speeds.get((recipe.architecture, measured.resolved(recipe, speeds).precision)) or _typical()


def accuracy(recipe: Recipe, past: Sequence[RunSummary]) -> tuple[float, float, int] | None:
    """Lowest and highest validation accuracy to expect, and how many of `past` say so; None where nothing is known.

    From finished runs that differ in the seed alone; without one, and then the number is 0, from what was measured of a preset.
    """
    scores = [
        row.best.val_accuracy
        for row in past
        if row.state == "finished" and row.best and row.recipe.changed(seed=recipe.seed) == recipe and _by_recipe_alone(row)
    ]
    if scores:
        return min(scores), max(scores), len(scores)
    if recipe.training_images:
        return None  # it was measured with all of them
    measured = _MEASURED.get((preset_name(recipe.changed(seed=Recipe().seed)), recipe.dataset))
    return (*measured, 0) if measured else None


def _typical() -> Speed:
    """What may be expected of such a processor. More cores help less and less: small batches keep few of them busy."""
    speed = _TYPICAL["bfloat16" if {"avx512_bf16", "amx_bf16"} & machine.cpu_flags() else "plain"]
    cores = min(max(1, os.cpu_count() or 1), 16)
    return replace(speed, flop_per_s=speed.flop_per_s * math.sqrt(cores / _TYPICAL_CORES))


def _whole(row: RunSummary) -> bool:
    """Whether the run went to its recipe's last epoch: none of its rules ended it early."""
    return row.state == "finished" and row.num_epochs == row.recipe.epochs


def _by_recipe_alone(row: RunSummary) -> bool:
    """Whether the recipe alone made the run: not a branch, nor a cycle that was stretched after its end, nor a person's hand on
    the learning rate.
    """
    by_hand = any(factor != 1 for _, factor in row.rate_changes)
    return row.parent_id is None and not by_hand and not (row.added_epochs and row.recipe.schedule == "one-cycle")


def _corrected(past: Sequence[RunSummary], speed: Speed) -> tuple[float, float]:
    """Seconds of starting up, and what the measured seconds of the work after it are multiplied by, as the finished runs of
    `past` took them.

    The two are corrected apart. A run of a few seconds is mostly starting up, and says little of a long one: so each run counts
    for as many seconds as it worked, and the measurement for as many as starting up takes.
    """
    seen = [row.startup_s for row in past if row.startup_s is not None]
    startup_s = statistics.median(seen) if seen else speed.startup_s
    paces = [(1.0, speed.startup_s)]
    for row in past:
        worked_s = row.active_s - (startup_s if row.startup_s is None else row.startup_s)
        if worked_s > 0:
            paces.append((worked_s / _work_s(row.recipe, speed), worked_s))
    return startup_s, float(np.clip(_weighted_median(paces), *_CORRECTIONS))


def _weighted_median(weighted: Sequence[tuple[float, float]]) -> float:
    """The value below which half of the weights lie; the lower one where two share it."""
    half = sum(weight for _, weight in weighted) / 2
    ascending = sorted(weighted)
    passed = accumulate(weight for _, weight in ascending)
    return next(value for (value, _), weight in zip(ascending, passed, strict=True) if weight >= half)


def _alike(one: Recipe, other: Recipe) -> bool:
    """Whether the past time of one says how far the other's is off. What an activation costs is in no count of multiply-adds."""
    names = ("architecture", "activation", "precision")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _size_is_known(recipe: Recipe) -> bool:
    return recipe.dataset in SOURCES or datasets.is_at_hand(recipe.dataset)


def _work_s(recipe: Recipe, speed: Speed) -> float:
    """Seconds of the recipe's steps and of its scoring at this speed, without starting up."""
    num_images = datasets.num_images(recipe.dataset)
    num_validation = datasets.num_validation_images(num_images, recipe.validation_share)
    num_training = datasets.num_training_images(
        recipe.dataset,
        validation_share=recipe.validation_share,
        seed=recipe.split_seed,
        training_images=recipe.training_images,
    )
    image_s = FLOP * architectures.multiply_adds(recipe) / speed.flop_per_s
    seen = PASSES * (num_training + num_added(recipe, num_training)) + num_validation
    return recipe.epochs * (steps_per_epoch(recipe, num_training) * speed.step_s + seen * image_s)
