"""Accuracy on other people's handwriting of a network trained only on the built-in digits. It is scored on MNIST's training
images, which it never saw; MNIST's test images are not used.

    python bench/builtin_digits.py --seeds 13 14 15
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from bench.training import trained  # noqa: E402
from core import datasets  # noqa: E402
from core.recipe.presets import preset  # noqa: E402
from core.training.batches import as_input  # noqa: E402

UNSEEN = 18_000  # the last of MNIST's training images, not used when the styles of the synthetic digits were chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[13, 14, 15])
    mnist = datasets.load("mnist")
    images = as_input(mnist.images)
    print(header())
    scores = []
    for seed in parser.parse_args().seeds:
        result = trained(preset("quick", "digits").changed(seed=seed))
        predicted = result.model.predict(images, batch_size=500, verbose=0).argmax(axis=1)
        right = predicted == mnist.labels
        scores.append((result.epochs[-1].epoch.val_accuracy, float(np.mean(right)), float(np.mean(right[-UNSEEN:]))))
        seconds = sum(each.epoch.seconds for each in result.epochs)
        print(f"seed {seed}: {line(scores[-1])}, {seconds:.0f} s", flush=True)
    print(f"mean of {len(scores)}: {line(np.mean(scores, axis=0))} (sd {np.std(scores, axis=0)[1]:.4f})")


def line(scores: Sequence[float]) -> str:
    """The three figures of a run as text."""
    own, all_images, unseen = scores
    return f"own validation {own:.4f}, MNIST's 60,000 {all_images:.4f}, the last {UNSEEN:,} {unseen:.4f}"


if __name__ == "__main__":
    main()
