"""How long a recipe will take on this machine and how accurate it will be: from a measurement of a few seconds, kept in the store
for each processor and precision, and corrected by past runs. No TensorFlow until something is measured.
"""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core import datasets
from core.constants import NUM_CLASSES, SIDE_PX
from core.recipe import ARCHITECTURES, SOURCES, Recipe, architectures
from core.recipe.presets import preset_name
from core.recipe.schedules import num_added, steps_per_epoch
from core.runs.summary import RunSummary
from core.store import Speed, Store
from core.system import machine

_FLOP = 2  # of a multiply-add
_PASSES = 3  # training costs three forward passes: the backward pass counts as two
_BATCHES = (16, 128)  # two sizes, to separate the fixed cost of a step from the cost of its images
_NUM_CALLS, _MANY = 4, 128  # timed, of each size; as many steps as one call may take
_NUM_PAST = 5  # the last runs correct the measurement: machines change
_CORRECTIONS = (0.2, 5.0)  # outside of these, the runs were made on another machine
# What `measure` finds on two cores, with instructions for bfloat16 and without; for the half minute until it has measured these.
_TYPICAL = {
    "bfloat16": Speed(flop_per_s=4e11, step_s=0.002, startup_s=3.0),
    "plain": Speed(flop_per_s=1e11, step_s=0.003, startup_s=3.0),
}
_TYPICAL_CORES = 2
# Lowest and highest validation accuracy over seeds, as scripts in bench/ print them, for a preset that was never trained here.
_MEASURED = {
    ("quick", "digits"): (0.9778, 0.9861),  # bench/builtin_digits.py, seeds 13 to 15
    ("quick", "recipe-split"): (0.9942, 0.9950),  # bench/time_to_accuracy.py, seeds 13 to 17
    ("recipe", "recipe-split"): (0.9912, 0.9939),  # bench/accuracy.py, seeds 13 to 15
    ("tiny", "recipe-split"): (0.9895, 0.9918),  # bench/accuracy.py, seeds 13 to 15
}


def seconds(recipe: Recipe, store: Store, past: Sequence[RunSummary]) -> float | None:
    """Seconds from start to end, corrected by the finished ones of `past` (newest first); before `measure` by what is typical of
    such a processor. None for an upload that is gone.
    """
    on_gpus = store.speeds.of(machine.name(with_gpus=True)) if machine.gpus() else {}
    speeds = on_gpus or store.speeds.of(machine.name())
    speed = speeds.get((recipe.architecture, recipe.precision)) or _typical()
    if not _size_is_known(recipe):
        return None
    ratios = [
        row.active_s / _measured_s(row.recipe, speed)
        for row in past
        if _whole(row) and _alike(row.recipe, recipe) and _size_is_known(row.recipe)
    ][:_NUM_PAST]
    correction = float(np.clip(statistics.median(ratios), *_CORRECTIONS)) if ratios else 1.0
    expected = correction * _measured_s(recipe, speed)
    return min(expected, 60 * recipe.stop_minutes) if recipe.stop_minutes else expected


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
    measured = _MEASURED.get((preset_name(recipe.changed(seed=Recipe().seed)), recipe.dataset))
    return (*measured, 0) if measured else None


def measure(store: Store, precision: str = "auto") -> None:
    """Times a few training steps of each architecture, unless it was done before on this machine. Takes some seconds."""
    import tensorflow as tf

    name = machine.name(with_gpus=bool(tf.config.list_physical_devices("GPU")))
    known = store.speeds.of(name)
    for architecture in ARCHITECTURES:
        if (architecture, precision) not in known:
            recipe = Recipe(architecture=architecture, precision=precision)
            store.speeds.save(name, architecture, precision, _timed(recipe))


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


def _alike(one: Recipe, other: Recipe) -> bool:
    return (one.architecture, one.precision) == (other.architecture, other.precision)


def _size_is_known(recipe: Recipe) -> bool:
    return recipe.dataset in SOURCES or datasets.is_at_hand(recipe.dataset)


def _measured_s(recipe: Recipe, speed: Speed) -> float:
    num_images = datasets.num_images(recipe.dataset)
    num_validation = datasets.num_validation_images(num_images, recipe.validation_share)
    num_training = datasets.num_training_images(recipe.dataset, validation_share=recipe.validation_share, seed=recipe.split_seed)
    image_s = _FLOP * architectures.multiply_adds(recipe) / speed.flop_per_s
    seen = _PASSES * (num_training + num_added(recipe, num_training)) + num_validation
    return speed.startup_s + recipe.epochs * (steps_per_epoch(recipe, num_training) * speed.step_s + seen * image_s)


def _timed(recipe: Recipe) -> Speed:
    """Times real steps of the recipe's network on random images, in two batch sizes."""
    from core.training.batches import Feed
    from core.training.learner import Learner

    began = time.perf_counter()
    learner = Learner(recipe)
    random = np.random.default_rng(0)
    step_s: dict[int, float] = {}
    startup_s = 0.0
    for batch in _BATCHES:
        images = random.integers(0, 256, (batch, SIDE_PX, SIDE_PX), np.uint8)
        again = np.tile(np.arange(batch), _MANY)
        feed = Feed(images, random.integers(0, NUM_CLASSES, batch), batch_size=batch, seed=0, order=again)

        def step_takes(feed: Feed = feed) -> float:
            count, call_began = learner.at_once, time.perf_counter()
            learner.steps(feed, 0, [recipe.learning_rate] * count)
            return (time.perf_counter() - call_began) / count

        step_takes()  # the first call traces, or compiles for this size
        startup_s = startup_s or time.perf_counter() - began
        before = 0
        while learner.at_once > before:  # calls grow to what they will be in a run
            before = learner.at_once
            step_takes()
        step_s[batch] = statistics.median(step_takes() for _ in range(_NUM_CALLS))
    small, large = _BATCHES
    image_s = max((step_s[large] - step_s[small]) / (large - small), 1e-7)
    flop = _PASSES * _FLOP * architectures.multiply_adds(recipe)
    return Speed(flop_per_s=flop / image_s, step_s=max(step_s[small] - small * image_s, 0.0), startup_s=startup_s)
