"""Milliseconds per training step with oneDNN's kernels and without, in turn in one session, in 32 bits.

    python bench/onednn.py --rounds 5 --steps 20

Where the processor has AVX-512 with VNNI or more, TensorFlow chooses them by itself; elsewhere core does.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from bench.side import Side  # noqa: E402
from core import datasets  # noqa: E402
from core.recipe.presets import preset  # noqa: E402
from core.training.batches import training_feed  # noqa: E402
from core.training.learner import Learner  # noqa: E402

_RECIPES = [("recipe", "recipe-split"), ("quick", "recipe-split"), ("best", "recipe-split"), ("tiny", "recipe-split")]
_RECIPES.append(("quick", "digits"))


class Steps:
    """The training steps of a preset, some at a time."""

    def __init__(self, name: str, dataset: str) -> None:
        self.recipe = preset(name, dataset).changed(precision="float32", epochs=500)
        self.learner = Learner(self.recipe)
        self.feed = training_feed(self.recipe, datasets.split(datasets.load(dataset), validation_share=0.2, seed=13))
        self.done = 0

    def time(self, num_steps: int) -> float:
        """The median milliseconds of a step."""
        taken: list[float] = []
        while len(taken) < num_steps:
            count = min(self.learner.at_once, self.feed.num_steps - self.done % self.feed.num_steps)
            began = time.perf_counter()
            self.learner.steps(self.feed, self.done, [self.recipe.learning_rate / 10] * count)
            taken += [(time.perf_counter() - began) / count] * count
            self.done += count
        return float(np.median(taken) * 1e3)


def answer() -> None:
    """The process of one setting: a preset, a data set and a number of steps on each line."""
    sides: dict[tuple[str, str], Steps] = {}
    for line in sys.stdin:
        name, dataset, num_steps = line.split()
        if (name, dataset) not in sides:
            sides[name, dataset] = Steps(name, dataset)
        print(sides[name, dataset].time(int(num_steps)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--answer", action="store_true", help="be the process of one setting")
    options = parser.parse_args()
    if options.answer:
        answer()
        return
    print(header())
    print(f"{options.rounds} rounds of {options.steps} steps; ratios: least, median, greatest of the rounds")
    print(f"{'preset':8}{'data':14}{'without, ms':>14}{'with, ms':>12}{'without / with':>26}")
    with ExitStack() as cleanup:
        without, with_it = (Side("onednn.py", "--answer", cleanup=cleanup, onednn=value) for value in "01")
        for name, dataset in _RECIPES:
            for side in (without, with_it):
                side.ask(name, dataset, 60)
            rounds = [
                [float(side.ask(name, dataset, options.steps)) for side in (without, with_it)] for _ in range(options.rounds)
            ]
            slow, fast = np.array(rounds).T
            least, median, greatest = np.quantile(slow / fast, [0, 0.5, 1])
            ratio = f"{median:.2f} ({least:.2f}-{greatest:.2f})"
            print(f"{name:8}{dataset:14}{np.median(slow):14.1f}{np.median(fast):12.1f}{ratio:>26}", flush=True)


if __name__ == "__main__":
    main()
