"""Seconds of training until a validation accuracy on the recipe split is first reached: stock Keras with the 2018 recipe, or
another recipe of Digit Lab, against a preset, in turn in one session, seed by seed.

    python bench/time_to_accuracy.py --seeds 13 14 15 16 17
    python bench/time_to_accuracy.py --only
    python bench/time_to_accuracy.py --against quick,dataset:recipe-split,optimizer:adam,learning_rate:0.02,epochs:7

Stock Keras has a process of its own, with TensorFlow as installed. It trains 12 epochs in any case, and up to 20 where
they do not reach the target. The first ratio is of training time only; the second is of all the time from the call to the score.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from bench.side import Side  # noqa: E402
from bench.training import trained  # noqa: E402
from core.recipe import Recipe, text_form  # noqa: E402
from core.recipe.presets import PRESETS, preset  # noqa: E402

_LEAST, _MOST = 12, 20  # epochs of stock


@dataclass(frozen=True)
class Epoch:
    """Validation accuracy after an epoch; seconds by then: of training alone, and all, scoring included."""

    accuracy: float
    training_s: float
    waited_s: float


_NEVER = Epoch(accuracy=0.0, training_s=float("inf"), waited_s=float("inf"))


def stock(side: Side, target: float, seed: int) -> list[Epoch]:
    return [Epoch(*figures) for figures in json.loads(side.ask("train", seed, target, _LEAST, _MOST))]


def ours(recipe: Recipe, seed: int) -> list[Epoch]:
    began = time.time()
    epochs = trained(recipe.changed(seed=seed)).epochs
    by = np.cumsum([each.epoch.seconds for each in epochs])
    return [Epoch(each.epoch.val_accuracy, float(s), each.time - began) for each, s in zip(epochs, by, strict=True)]


def reached(epochs: list[Epoch], target: float) -> Epoch:
    """The first epoch that reached the target."""
    return next((each for each in epochs if each.accuracy >= target), _NEVER)


def line(epochs: list[Epoch], target: float) -> str:
    first = reached(epochs, target)
    course = " ".join(f"{each.accuracy:.4f}"[1:] for each in epochs)
    return f"{first.training_s:6.1f} s of training, {first.waited_s:6.1f} s in all ({course})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", choices=PRESETS, default="quick")
    parser.add_argument("--only", action="store_true", help="train the preset alone")
    parser.add_argument("--against", metavar="RECIPE", help="the text of a recipe, as in a link, in place of stock Keras")
    parser.add_argument("--target", type=float, default=0.9931)
    parser.add_argument("--seeds", type=int, nargs="+", default=[13, 14, 15, 16, 17])
    options = parser.parse_args()
    print(header(), flush=True)
    own = preset(options.preset, "recipe-split")
    trained(own.changed(epochs=1))  # what a process does once
    if options.only:
        alone(options, partial(ours, own))
        return
    with ExitStack() as cleanup:
        if options.against:
            other, broken = text_form.read(options.against)
            if broken:
                parser.error(" ".join(broken))
            rival, least, theirs = "other", other.epochs, partial(ours, other.changed(dataset="recipe-split"))
            trained(other.changed(dataset="recipe-split", epochs=1))
        else:
            side = Side("stock.py", cleanup=cleanup)
            rival, least, theirs = "stock", _LEAST, partial(stock, side, options.target)
        compare(options, rival, least, theirs, partial(ours, own))


def alone(options: argparse.Namespace, own: Callable[[int], list[Epoch]]) -> None:
    """Trains the preset with each seed, and prints what it took and reached."""
    sittings = [own(seed) for seed in options.seeds]
    for seed, epochs in zip(options.seeds, sittings, strict=True):
        print(f"seed {seed} {options.preset:6} {line(epochs, options.target)}", flush=True)
    seconds = [reached(epochs, options.target).training_s for epochs in sittings]
    ends = [epochs[-1].accuracy for epochs in sittings]
    print(f"mean seconds of training until {options.target}: {np.mean(seconds):.1f}")
    print(f"mean accuracy after the last epoch: {np.mean(ends):.4f}, sd {np.std(ends, ddof=1):.4f}")


def compare(
    options: argparse.Namespace,
    rival: str,
    least: int,
    theirs: Callable[[int], list[Epoch]],
    own: Callable[[int], list[Epoch]],
) -> None:
    """Trains both sides with each seed, one after the other, and prints what they took and reached."""
    firsts, ends = [], []
    for seed in options.seeds:
        sides = {rival: theirs(seed), options.preset: own(seed)}
        for name, epochs in sides.items():
            print(f"seed {seed} {name:6} {line(epochs, options.target)}", flush=True)
        both = [reached(epochs, options.target) for epochs in sides.values()]
        firsts.append([(first.training_s, first.waited_s) for first in both])
        ends.append([sides[rival][least - 1].accuracy, sides[options.preset][-1].accuracy])
    for what, (one, two) in zip(("of training", "in all"), np.mean(firsts, axis=0).T, strict=True):
        print(f"mean seconds {what} until {options.target}: {one:.1f} and {two:.1f}, ratio {one / two:.1f}")
    means = np.mean(ends, axis=0)
    print(f"mean accuracy: {rival} after epoch {least} {means[0]:.4f}, {options.preset} after its last {means[1]:.4f}")


if __name__ == "__main__":
    main()
