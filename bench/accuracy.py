"""How well do the presets read the recipe split's validation part after their last epoch, over seeds? With --test, MNIST's test
images are scored, too: for final figures only, as nothing may be chosen on them.

    python bench/accuracy.py --presets recipe --seeds 13
    python bench/accuracy.py --presets best --dataset mnist --set validation_share=0.05 --seeds 13 14 15 --test
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from bench.training import trained  # noqa: E402
from core.datasets import mnist  # noqa: E402
from core.metrics import interval_text, wilson  # noqa: E402
from core.recipe import architectures  # noqa: E402
from core.recipe.presets import PRESETS, preset  # noqa: E402
from core.training.batches import as_input  # noqa: E402

PUBLISHED = "the published run, 58 errors in 8,400: .9911-.9947"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presets", nargs="+", choices=PRESETS, default=["recipe"])
    parser.add_argument("--dataset", default="recipe-split")
    parser.add_argument("--seeds", type=int, nargs="+", default=[13])
    parser.add_argument("--test", action="store_true", help="also score MNIST's test images")
    parser.add_argument("--set", nargs="+", default=[], metavar="FIELD=VALUE", help="changes of the preset, as for core train")
    options = parser.parse_args()
    print(header())
    for name in options.presets:
        recipe = preset(name, options.dataset).changed(**dict(each.split("=", 1) for each in options.set))
        words = " with ".join([f"{name} on {options.dataset}", *options.set])
        print(f"{words}: {architectures.num_parameters(recipe):,} parameters, {recipe.epochs} epochs")
        scores = []
        for seed in options.seeds:
            result = trained(recipe.changed(seed=seed))
            last = result.epochs[-1]
            found = {"validation": (round(last.epoch.val_accuracy * len(last.probabilities)), len(last.probabilities))}
            if options.test:
                test = mnist.load_test()
                answers = result.model.predict(as_input(test.images), batch_size=500, verbose=0)
                found["MNIST's test images"] = int(np.sum(answers.argmax(axis=1) == test.labels)), len(test)
            scores.append([right / count for right, count in found.values()])
            parts = [f"{what} {interval_text(wilson(right, count))} on {count:,}" for what, (right, count) in found.items()]
            seconds = sum(each.epoch.seconds for each in result.epochs)
            print(f"  seed {seed}: {'; '.join(parts)}; {seconds:.0f} s of training", flush=True)
        if len(scores) > 1:
            for what, mean, sd in zip(found, np.mean(scores, axis=0), np.std(scores, axis=0, ddof=1), strict=True):
                print(f"  {what}: mean of {len(scores)} seeds {mean:.4f}, sd {sd:.4f}")
    if "recipe" in options.presets:
        print(PUBLISHED)


if __name__ == "__main__":
    main()
