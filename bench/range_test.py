"""How good the rate is that a learning-rate range test suggests, on the built-in digits, against the best of a grid of rates.

    python bench/range_test.py --seeds 13

Networks with each optimiser are trained for five epochs of 45 steps, under one cycle and at a constant rate: at each rate of the
grid, and at the rates that several rules read off the same range test. Each figure is the validation accuracy on 360 images.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from core import datasets  # noqa: E402
from core.datasets import Split  # noqa: E402
from core.recipe import Recipe  # noqa: E402
from core.training import range_tests, rate_suggestion  # noqa: E402
from core.training.batches import training_feed  # noqa: E402
from core.training.learner import Learner  # noqa: E402

_NEARLY = 0.1  # of the fall is left at the rate that is nearly the one of the lowest loss
_GRID = (0.001, 0.003, 0.01, 0.03, 0.1)
_WIDTHS = {"filters_1": 16, "filters_2": 16, "filters_3": 32, "filters_4": 32}
_NETWORKS = {
    "compact": {"architecture": "compact", **_WIDTHS},
    "plain": {"architecture": "compact", "batch_norm": False, **_WIDTHS},
}
_OPTIMIZERS = ("rmsprop", "adam", "sgd", "muon")
_SCHEDULES = ("one-cycle", "constant")


def rules(test: rate_suggestion.RangeTest, recipe: Recipe) -> dict[str, float]:
    """Rule -> the rate that it reads off the test."""
    low = test.lowest_at
    steepest = float(test.rates[int(np.gradient(test.losses).argmin())])  # the rates are even on the logarithmic axis
    start, bottom = float(test.losses[:10].mean()), float(test.losses.min())
    nearly = float(test.rates[int(np.argmax(test.losses <= bottom + _NEARLY * (start - bottom)))])
    suggested = test.suggestion(recipe) or 0.0
    return {
        "suggested": suggested, "lowest / 4": low / 4, "nearly lowest": nearly,
        "nearly lowest / 3": nearly / 3, "steepest": steepest,
    }  # fmt: skip


class Network:
    """One network, started over for each training."""

    def __init__(self, recipe: Recipe, split: Split) -> None:
        self._learner, self._split = Learner(recipe), split
        self._feed = training_feed(recipe, split)
        self._known: dict[tuple[str, float], float] = {}

    def accuracy(self, schedule: str, rate: float) -> float:
        if (schedule, rate) not in self._known:
            self._learner.recipe = self._learner.recipe.changed(schedule=schedule, learning_rate=rate)
            self._learner.start_over()
            self._learner.learn(self._feed, lambda share: None)
            read = self._learner.answers(self._split.x_validation).argmax(axis=1)
            self._known[schedule, rate] = float(np.mean(read == self._split.y_validation))
        return self._known[schedule, rate]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[13])
    split = datasets.split(datasets.load("digits"), validation_share=0.2, seed=13)
    short: dict[tuple[str, str], list[float]] = defaultdict(list)
    print(header())
    for seed in parser.parse_args().seeds:
        for name, fields in _NETWORKS.items():
            for optimizer in _OPTIMIZERS:
                recipe = Recipe(
                    **fields, optimizer=optimizer, seed=seed, epochs=5, batch_size=32, precision="float32",
                    batch_norm_momentum=0.9, dropout_conv=0.0, dropout_dense=0.0,
                )  # fmt: skip
                began = time.perf_counter()
                rates = rate_suggestion.rising(100)
                losses = range_tests.losses(recipe, split, rates, lambda share: None)
                seconds, test = time.perf_counter() - began, rate_suggestion.judged(rates[: len(losses)], losses)
                if test.trouble:
                    print(f"seed {seed} {name} {optimizer}: {test.trouble}", flush=True)
                    continue
                network = Network(recipe, split)
                for schedule in _SCHEDULES:
                    scores = {rate: network.accuracy(schedule, rate) for rate in _GRID}
                    best = max(scores, key=lambda rate: scores[rate])
                    said = f"seed {seed} {name:8}{optimizer:8}{schedule:10} best of grid {scores[best]:.1%} at {best:<6g}"
                    for rule, rate in rules(test, recipe.changed(schedule=schedule)).items():
                        reached = network.accuracy(schedule, float(f"{rate:.2g}"))
                        short[schedule, rule].append(scores[best] - reached)
                        said += f" {rule} {reached:.1%} at {rate:<7.2g}"
                    print(f"{said} test {seconds:.1f} s", flush=True)
    for (schedule, rule), missing in short.items():
        print(
            f"{schedule:10}{rule:12} below the best of the grid: mean {100 * np.mean(missing):.2f} points, "
            f"median {100 * np.median(missing):.2f}, most {100 * max(missing):.2f}, of {len(missing)}"
        )


if __name__ == "__main__":
    main()
