"""Validation accuracy after the last epoch of every preset on every data set that comes with the product or is fetched by it, and
what is said of the recipe before it is started.

    python bench/presets.py
    python bench/presets.py --dataset digits recipe-split mnist --presets quick recipe
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from bench.training import trained  # noqa: E402
from core import datasets  # noqa: E402
from core.metrics import interval_text, wilson  # noqa: E402
from core.recipe import SOURCES, Recipe  # noqa: E402
from core.recipe.presets import PRESETS, preset  # noqa: E402
from core.training.preflight import findings  # noqa: E402

WANTED = 0.9
PUBLISHED = "published"  # the 2018 recipe where its preset is adapted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dataset", nargs="+", choices=SOURCES, default=["digits"])
    parser.add_argument("--presets", nargs="+", choices=[*PRESETS, PUBLISHED], default=[*PRESETS, PUBLISHED])
    parser.add_argument("--seed", type=int, default=13)
    options = parser.parse_args()
    print(header())
    print(f"seed {options.seed}; wanted: above {WANTED:.0%}, or a warning before the start")
    missed = 0
    for dataset in options.dataset:
        for name in options.presets:
            recipe = (Recipe(dataset=dataset) if name == PUBLISHED else preset(name, dataset)).changed(seed=options.seed)
            if name == PUBLISHED and recipe == preset("recipe", dataset).changed(seed=options.seed):
                continue
            num_images = datasets.num_training_images(
                datasets.num_images(dataset), validation_share=recipe.validation_share, seed=recipe.split_seed
            )
            warned = [each.kind for each in findings(recipe, num_images)]
            result = trained(recipe)
            last = result.epochs[-1]
            count = len(last.probabilities)
            text = interval_text(wilson(round(last.epoch.val_accuracy * count), count))
            seconds = sum(each.epoch.seconds for each in result.epochs)
            said = f"warned of: {', '.join(warned)}" if warned else "not warned of"
            missed += last.epoch.val_accuracy <= WANTED and not warned
            print(f"{dataset:12} {name:9} {text:20} on {count:6,}; {seconds:5.0f} s of training; {said}", flush=True)
    print(f"{missed} below {WANTED:.0%} without a warning")


if __name__ == "__main__":
    main()
