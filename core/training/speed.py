"""How fast this machine trains each architecture in each arithmetic: measured once, kept in the store for each machine and
version of TensorFlow. The forecast and what `auto` means follow from it. No TensorFlow until something is measured.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Collection

import numpy as np

from core.constants import NUM_CLASSES, SIDE_PX
from core.recipe import ARCHITECTURES, Recipe, architectures
from core.store import Speed, Store
from core.system import machine

FLOP = 2  # of a multiply-add
PASSES = 3  # training costs three forward passes: the backward pass counts as two
_BATCHES = (16, 128)  # two sizes, to separate the fixed cost of a step from the cost of its images
_NUM_CALLS, _MANY = 4, 128  # timed, of each size; as many steps as one call may take
_CALL_S = 0.05  # what a timed call takes, at most
_CLEARLY = 1.05  # so many times faster than 32 bits must another arithmetic be to be chosen: what a measurement may be off by

Speeds = dict[tuple[str, str], Speed]  # by architecture and arithmetic


def known(store: Store) -> Speeds:
    """What was measured on this machine: on its GPU if TensorFlow has used one, else on its processor."""
    on_gpus = store.speeds.of(machine.name(with_gpus=True)) if machine.gpus() else {}
    return on_gpus or store.speeds.of(machine.name())


def measure(store: Store, wanted: Collection[str] = tuple(ARCHITECTURES)) -> Speeds:
    """Times a few training steps of the `wanted` architectures in each arithmetic that the machine may be good at, unless it was
    done before. Takes a second of timed steps and some of preparation for each.
    """
    import tensorflow as tf

    from core.network import precision

    name = machine.name(with_gpus=bool(tf.config.list_physical_devices("GPU")))
    speeds = store.speeds.of(name)
    for architecture in wanted:
        missing = [each for each in precision.candidates() if (architecture, each) not in speeds]
        if missing:
            for arithmetic, speed in _timed(architecture, precision.candidates()).items():
                store.speeds.save(name, architecture, arithmetic, speed)
    return store.speeds.of(name)


def step_s(recipe: Recipe, speed: Speed) -> float:
    """Seconds of one training step of the recipe's network at this speed."""
    return speed.step_s + recipe.batch_size * PASSES * FLOP * architectures.multiply_adds(recipe) / speed.flop_per_s


def steps_s(recipe: Recipe, speeds: Speeds) -> dict[str, float]:
    """Arithmetic -> seconds of a training step of the recipe's network, for each that was measured."""
    return {name: step_s(recipe, speed) for (architecture, name), speed in speeds.items() if architecture == recipe.architecture}


def fastest(recipe: Recipe, speeds: Speeds) -> str:
    """The arithmetic in which a step of the recipe is the fastest: 32 bits where another is not clearly faster, or nothing was
    measured.
    """
    takes = steps_s(recipe, speeds)
    best = min(takes, key=lambda each: takes[each], default="float32")
    return best if best in takes and takes.get("float32", 0.0) >= _CLEARLY * takes[best] else "float32"


def resolved(recipe: Recipe, speeds: Speeds) -> Recipe:
    """The recipe with an arithmetic in place of `auto`."""
    return recipe.changed(precision=fastest(recipe, speeds)) if recipe.precision == "auto" else recipe


def _timed(architecture: str, arithmetics: Collection[str]) -> dict[str, Speed]:
    """The speed in each arithmetic. Their calls are timed in turn: other work on the machine slows all of them."""
    sides = {each: _Steps(architecture, each) for each in arithmetics}
    for batch in _BATCHES:
        for _ in range(_NUM_CALLS):
            for side in sides.values():
                side.take(batch)
    return {each: side.speed() for each, side in sides.items()}


class _Steps:
    """Real steps of an architecture in one arithmetic, on random images."""

    def __init__(self, architecture: str, arithmetic: str) -> None:
        from core.training.batches import Feed
        from core.training.learner import Learner

        began = time.perf_counter()
        self._recipe = Recipe(architecture=architecture, precision=arithmetic)
        self._learner = Learner(self._recipe)
        random = np.random.default_rng(0)
        self._feeds: dict[int, Feed] = {}
        self._counts: dict[int, int] = {}
        self._taken_s: dict[int, list[float]] = {}
        for batch in _BATCHES:
            images = random.integers(0, 256, (batch, SIDE_PX, SIDE_PX), np.uint8)
            again = np.tile(np.arange(batch), _MANY)
            self._feeds[batch] = Feed(images, random.integers(0, NUM_CLASSES, batch), batch_size=batch, seed=0, order=again)
        self._step_takes(_BATCHES[0], 1)  # traces, or compiles
        self._startup_s = time.perf_counter() - began
        for batch in _BATCHES:
            self._step_takes(batch, 2)
            fitting = int(_CALL_S / self._step_takes(batch, 2))
            self._counts[batch], self._taken_s[batch] = min(max(fitting, 1), _MANY), []

    def take(self, batch: int) -> None:
        """Times one call of steps with so many images each."""
        self._taken_s[batch].append(self._step_takes(batch, self._counts[batch]))

    def speed(self) -> Speed:
        """From the medians of what was taken: the cost of the images, and what a step costs beside them."""
        small, large = _BATCHES
        of = {batch: statistics.median(taken) for batch, taken in self._taken_s.items()}
        image_s = max((of[large] - of[small]) / (large - small), 1e-7)
        flop = PASSES * FLOP * architectures.multiply_adds(self._recipe)
        return Speed(flop_per_s=flop / image_s, step_s=max(of[small] - small * image_s, 0.0), startup_s=self._startup_s)

    def _step_takes(self, batch: int, count: int) -> float:
        began = time.perf_counter()
        self._learner.steps(self._feeds[batch], 0, [self._recipe.learning_rate] * count)
        return (time.perf_counter() - began) / count
