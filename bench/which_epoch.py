"""Which epoch of a run should be used? The choice of each rule is scored on the last 18,000 of MNIST's training images, which no
run here has seen; MNIST's test images are not used.

    python bench/which_epoch.py --dataset digits --presets quick best --seeds 13 14 15 16 17
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from bench.training import trained  # noqa: E402
from core import datasets  # noqa: E402
from core.recipe import Recipe  # noqa: E402
from core.recipe.presets import PRESETS, preset  # noqa: E402
from core.runs.events import EpochEnded  # noqa: E402
from core.runs.snapshot import RunSnapshot, fold  # noqa: E402
from core.training.batches import as_input  # noqa: E402

# isort: split
import keras  # noqa: E402  core chooses TensorFlow's kernels before it is imported

UNSEEN = 18_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presets", nargs="+", choices=PRESETS, default=["quick"])
    parser.add_argument("--dataset", default="digits")
    parser.add_argument("--seeds", type=int, nargs="+", default=[13, 14, 15, 16, 17])
    parser.add_argument("--set", nargs="+", default=[], metavar="FIELD=VALUE", help="changes of the preset, as for core train")
    options = parser.parse_args()
    mnist = datasets.load("mnist")
    images, labels = as_input(mnist.images[-UNSEEN:]), mnist.labels[-UNSEEN:]

    def score(model: keras.Model) -> float:
        return float(np.mean(model.predict(images, batch_size=500, verbose=0).argmax(axis=1) == labels))

    print(header())
    for name in options.presets:
        recipe = preset(name, options.dataset).changed(**dict(each.split("=", 1) for each in options.set))
        words = " with ".join([f"{name} on {options.dataset}", *options.set])
        print(f"{words}, {recipe.epochs} epochs: epoch, its validation accuracy, unseen")
        found: dict[str, list[tuple[float, float]]] = {rule: [] for rule in RULES}
        for seed in options.seeds:
            result = trained(recipe.changed(seed=seed), score)
            epochs, unseen = result.epochs, result.scores
            parts = []
            for rule, choose in RULES.items():
                place = choose(epochs)
                found[rule].append((epochs[place].epoch.val_accuracy, unseen[place]))
                parts.append(f"{rule} {place + 1}, {epochs[place].epoch.val_accuracy:.4f}, {unseen[place]:.4f}")
            print(f"  seed {seed}: {'; '.join(parts)}; of all {min(unseen):.4f} to {max(unseen):.4f}", flush=True)
        for rule, scores in found.items():
            own, other = np.mean(scores, axis=0)
            print(f"  {rule}: validation {own:.4f}, unseen {other:.4f} (sd {np.std([score for _, score in scores], ddof=1):.4f})")


def _most_accurate(epochs: Sequence[EpochEnded]) -> int:
    return max(range(len(epochs)), key=lambda place: (epochs[place].epoch.val_accuracy, -epochs[place].epoch.val_loss))


def _latest_as_good(epochs: Sequence[EpochEnded]) -> int:
    """The one-standard-error rule: Breiman, Friedman, Olshen and Stone, Classification and Regression Trees, 1984, 3.4.3."""
    highest = epochs[_most_accurate(epochs)].epoch.val_accuracy
    bar = highest - np.sqrt(highest * (1 - highest) / len(epochs[0].probabilities))
    return max(place for place, each in enumerate(epochs) if each.epoch.val_accuracy >= bar)


def _of_the_product(epochs: Sequence[EpochEnded]) -> int:
    run = RunSnapshot("bench", "bench", Recipe(), num_validation=len(epochs[0].probabilities))
    best = reduce(fold, epochs, run).best_epoch
    return best.epoch - 1 if best else 0


RULES: dict[str, Callable[[Sequence[EpochEnded]], int]] = {
    "most accurate": _most_accurate,
    "lowest loss": lambda epochs: min(range(len(epochs)), key=lambda place: epochs[place].epoch.val_loss),
    "latest within one standard error": _latest_as_good,
    "lowest loss in the interval": _of_the_product,
    "last": lambda epochs: len(epochs) - 1,
}

if __name__ == "__main__":
    main()
