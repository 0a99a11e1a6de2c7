"""Milliseconds per training step of the 2018 recipe: stock Keras and PyTorch against Digit Lab, in turn in one session.

Stock Keras and Digit Lab augment, PyTorch does not. A round times `--steps` steps of each after a warm-up. The ratios are taken
per round, so that a drift of the machine's speed has little effect.

    python bench/step.py --rounds 7 --steps 20
    python bench/step.py --torch elsewhere/bin/python    # see bench/pytorch_step.py
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
import tensorflow as tf  # noqa: E402

from bench import stock  # noqa: E402
from bench.machine import describe, header  # noqa: E402
from bench.training import arithmetic  # noqa: E402
from core import datasets  # noqa: E402
from core.network import precision  # noqa: E402
from core.recipe import architectures  # noqa: E402
from core.recipe.presets import preset  # noqa: E402
from core.training.batches import training_feed  # noqa: E402
from core.training.learner import Learner  # noqa: E402

# Runs some steps, and gives their median in milliseconds.
Timer = Callable[[int], float]


def stock_timer(cut: datasets.Split) -> Timer:
    model, batches = stock.compiled_model(), stock.augmented_batches(cut, seed=13)

    def time_steps(num_steps: int) -> float:
        clock = stock.TrainingClock()
        model.fit(batches, steps_per_epoch=num_steps, epochs=1, verbose=0, callbacks=[clock])
        return float(np.median(np.diff(clock.ends_s)) * 1e3)

    return time_steps


def our_timer(cut: datasets.Split, chosen: str) -> Timer:
    recipe = preset("recipe", "recipe-split").changed(precision=chosen, epochs=500)
    learner, feed = Learner(recipe), training_feed(recipe, cut)
    done = 0

    def time_steps(num_steps: int) -> float:
        nonlocal done
        taken = []
        while len(taken) < num_steps:
            count = min(learner.at_once, feed.num_steps - done % feed.num_steps)
            began = time.perf_counter()
            learner.steps(feed, done, [recipe.learning_rate] * count)
            taken += [(time.perf_counter() - began) / count] * count
            done += count
        return float(np.median(taken) * 1e3)

    time_steps(feed.num_steps)  # by when calls have grown, and the smaller last batch of an epoch has been met
    return time_steps


class PyTorch:
    """The process that bench/pytorch_step.py runs in."""

    def __init__(self, python: str, cleanup: ExitStack) -> None:
        command = [python, str(Path(__file__).parent / "pytorch_step.py")]
        self._process = cleanup.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        self.version = self._process.stdout.readline().strip()

    def timer(self, mode: str) -> Timer:
        def time_steps(num_steps: int) -> float:
            print(mode, num_steps, file=self._process.stdin, flush=True)
            return float(self._process.stdout.readline())

        return time_steps


def matrix_peak(dtype: tf.DType) -> float:
    """GFLOP/s of a product of square matrices, best of five; of larger ones on a GPU, which 2048 rows would not fill."""
    side = 8192 if tf.config.list_physical_devices("GPU") else 2048
    a, b = (tf.cast(tf.random.normal((side, side)), dtype) for _ in range(2))
    product = tf.function(lambda a, b: tf.reduce_sum(tf.matmul(a, b)))  # the sum, for else its transfer would be timed, too
    product(a, b).numpy()
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        product(a, b).numpy()
        taken.append(time.perf_counter() - began)
    return 2 * side**3 / min(taken) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--torch", metavar="PYTHON", help="a Python that has PyTorch, to compare with")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    recipe = preset("recipe", "recipe-split")
    cut = datasets.split(datasets.load("recipe-split"), validation_share=0.2, seed=13)
    wanted = set(precision.candidates())
    timers = {"stock": stock_timer(cut)}
    timers |= {name: our_timer(cut, name) for name in sorted(wanted)}
    versions = []
    with ExitStack() as cleanup:
        if options.torch:
            torch = PyTorch(options.torch, cleanup)
            versions.append(torch.version)
            timers |= {f"torch {mode}": torch.timer(mode) for mode in ("eager", "compiled", "eager-float32")}
        for time_steps in timers.values():
            time_steps(5)
        rounds = [{name: time_steps(options.steps) for name, time_steps in timers.items()} for _ in range(options.rounds)]
    peaks = {name: matrix_peak(tf.float32 if name == "float32" else tf.bfloat16) for name in wanted}
    # Backward costs twice the forward pass; two operations to a multiply-add.
    gflop = 3 * 2 * architectures.multiply_adds(recipe) * stock.BATCH / 1e9
    table = []
    for name in timers:
        taken = np.array([each[name] for each in rounds])
        row = {"side": name, "ms": round(float(np.median(taken)), 1)}
        if name in peaks:
            row["share_of_matrix_peak"] = round(gflop / (row["ms"] / 1e3) / peaks[name], 2)
        ours = {f"over_{each}": quantiles([turn[name] / turn[each] for turn in rounds]) for each in sorted(wanted)}
        table.append({**row, **ours})
    if options.json:
        print(json.dumps({"machine": describe(), "rounds": options.rounds, "steps": options.steps, "table": table}))
        return
    print(", ".join([header(), *versions]))
    print(f"auto means {arithmetic(recipe)} here; {options.rounds} rounds of {options.steps} steps, batch {stock.BATCH}")
    print(f"{'side':24}{'ms/step':>10}{'of matrix peak':>16}" + "".join(f"{'this / ' + each:>30}" for each in sorted(wanted)))
    for row in table:
        ratios = "".join("{:>30}".format("{1:.2f} ({0:.2f}-{2:.2f})".format(*row[f"over_{each}"])) for each in sorted(wanted))
        print(f"{row['side']:24}{row['ms']:10}{row.get('share_of_matrix_peak', ''):16}{ratios}")


def quantiles(ratios: list[float]) -> list[float]:
    """Least, median, greatest."""
    return [round(float(np.quantile(ratios, part)), 2) for part in (0, 0.5, 1)]


if __name__ == "__main__":
    main()
