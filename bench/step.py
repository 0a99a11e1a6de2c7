"""Milliseconds per training step of the 2018 recipe: stock Keras and PyTorch against Digit Lab, in turn in one session.

Stock Keras has TensorFlow as installed; "stock, oneDNN" has the kernels that Digit Lab chooses, on processors where TensorFlow by
itself does not. Stock Keras and Digit Lab augment, PyTorch does not. A round times `--steps` steps of each after a warm-up. The
ratios are taken per round, so that a drift of the machine's speed has little effect.

    python bench/step.py --rounds 7 --steps 20
    python bench/step.py --torch elsewhere/bin/python    # see bench/pytorch_step.py
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import describe, header  # noqa: E402
from bench.side import Side  # noqa: E402
from bench.training import arithmetic  # noqa: E402
from core import datasets  # noqa: E402
from core.network import precision  # noqa: E402
from core.recipe import architectures  # noqa: E402
from core.recipe.presets import preset  # noqa: E402
from core.training.batches import training_feed  # noqa: E402
from core.training.learner import Learner  # noqa: E402

# isort: split
import tensorflow as tf  # noqa: E402  core chooses its kernels before it is imported

# Runs some steps, and gives their median in milliseconds.
Timer = Callable[[int], float]


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


def stock_timer(stock: Side) -> Timer:
    return lambda num_steps: float(stock.ask("time", num_steps))


def torch_timer(torch: Side, mode: str) -> Timer:
    return lambda num_steps: float(torch.ask(mode, num_steps))


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
    versions = []
    with ExitStack() as cleanup:
        timers = {"stock": stock_timer(Side("stock.py", cleanup=cleanup))}
        timers["stock, oneDNN"] = stock_timer(Side("stock.py", cleanup=cleanup, onednn="1"))
        timers |= {name: our_timer(cut, name) for name in sorted(wanted)}
        if options.torch:
            torch = Side("pytorch_step.py", cleanup=cleanup, python=options.torch)
            versions.append(torch.ask("version"))
            timers |= {f"torch {mode}": torch_timer(torch, mode) for mode in ("eager", "compiled", "eager-float32")}
        for time_steps in timers.values():
            time_steps(5)
        rounds = [{name: time_steps(options.steps) for name, time_steps in timers.items()} for _ in range(options.rounds)]
    peaks = {name: matrix_peak(tf.float32 if name == "float32" else tf.bfloat16) for name in wanted}
    # Backward costs twice the forward pass; two operations to a multiply-add.
    gflop = 3 * 2 * architectures.multiply_adds(recipe) * recipe.batch_size / 1e9
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
    print(f"auto means {arithmetic(recipe)} here; {options.rounds} rounds of {options.steps} steps, batch {recipe.batch_size}")
    print(f"{'side':24}{'ms/step':>10}{'of matrix peak':>16}" + "".join(f"{'this / ' + each:>30}" for each in sorted(wanted)))
    for row in table:
        ratios = "".join("{:>30}".format("{1:.2f} ({0:.2f}-{2:.2f})".format(*row[f"over_{each}"])) for each in sorted(wanted))
        print(f"{row['side']:24}{row['ms']:10}{row.get('share_of_matrix_peak', ''):16}{ratios}")


def quantiles(ratios: list[float]) -> list[float]:
    """Least, median, greatest."""
    return [round(float(np.quantile(ratios, part)), 2) for part in (0, 0.5, 1)]


if __name__ == "__main__":
    main()
