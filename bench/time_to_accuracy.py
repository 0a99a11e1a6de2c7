"""Seconds of training until a validation accuracy on the recipe split is first reached: stock Keras with the 2018 recipe
against a preset, turn by turn in one sitting, seed by seed.

    python bench/time_to_accuracy.py --seeds 13 14 15 16 17

Only training counts; a second ratio takes all that a person waits for, from the call until the score is there.
Stock trains the recipe's 12 epochs in any case, and goes on up to 20 where they do not reach the target.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench import stock  # noqa: E402
from bench.machine import header  # noqa: E402
from bench.training import trained  # noqa: E402
from core import datasets  # noqa: E402
from core.recipe.presets import PRESETS, preset  # noqa: E402

_LEAST, _MOST = 12, 20  # epochs of stock
_NEVER = stock.Epoch(accuracy=0.0, training_s=float("inf"), waited_s=float("inf"))


def ours(name: str, seed: int) -> list[stock.Epoch]:
    began = time.time()
    epochs = trained(preset(name, "recipe-split").changed(seed=seed)).epochs
    by = np.cumsum([each.epoch.seconds for each in epochs])
    return [stock.Epoch(each.epoch.val_accuracy, float(s), each.time - began) for each, s in zip(epochs, by, strict=True)]


def reached(epochs: list[stock.Epoch], target: float) -> stock.Epoch:
    """The first epoch that reached the target."""
    return next((each for each in epochs if each.accuracy >= target), _NEVER)


def line(epochs: list[stock.Epoch], target: float) -> str:
    first = reached(epochs, target)
    course = " ".join(f"{each.accuracy:.4f}"[1:] for each in epochs)
    return f"{first.training_s:6.1f} s of training, {first.waited_s:6.1f} s in all ({course})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", choices=PRESETS, default="quick")
    parser.add_argument("--target", type=float, default=0.9931)
    parser.add_argument("--seeds", type=int, nargs="+", default=[13, 14, 15, 16, 17])
    options = parser.parse_args()
    print(header(), flush=True)
    cut = datasets.split(datasets.load("recipe-split"), validation_share=0.2, seed=13)
    trained(preset(options.preset, "recipe-split").changed(epochs=1))  # whatever a process does once
    firsts, ends = [], []
    for seed in options.seeds:
        sides = {
            "stock": stock.train(cut, seed, target=options.target, least=_LEAST, most=_MOST),
            options.preset: ours(options.preset, seed),
        }
        for name, epochs in sides.items():
            print(f"seed {seed} {name:6} {line(epochs, options.target)}", flush=True)
        both = [reached(epochs, options.target) for epochs in sides.values()]
        firsts.append([(first.training_s, first.waited_s) for first in both])
        ends.append([sides["stock"][_LEAST - 1].accuracy, sides[options.preset][-1].accuracy])
    for what, (theirs, our) in zip(("of training", "in all"), np.mean(firsts, axis=0).T, strict=True):
        print(f"mean seconds {what} until {options.target}: {theirs:.1f} and {our:.1f}, ratio {theirs / our:.1f}")
    means = np.mean(ends, axis=0)
    print(f"mean accuracy: stock after epoch {_LEAST} {means[0]:.4f}, {options.preset} after its last {means[1]:.4f}")


if __name__ == "__main__":
    main()
