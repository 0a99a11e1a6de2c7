"""Does the `recipe` preset reach what the 2018 recipe reached? Validation accuracy at epoch 12 on the recipe split.

    python bench/recipe.py --seeds 13
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
from core.metrics import interval_text, wilson  # noqa: E402
from core.presets import preset  # noqa: E402

PUBLISHED = (0.9911, 0.9947)  # the 95 % Wilson interval of the published 58 errors in 8,400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[13])
    print(header())
    for seed in parser.parse_args().seeds:
        epochs = trained(preset("recipe", "recipe-split").changed(seed=seed)).epochs
        last = epochs[-1]
        num_images = len(last.probabilities)
        score = wilson(round(last.val_accuracy * num_images), num_images)
        inside = PUBLISHED[0] <= last.val_accuracy <= PUBLISHED[1]
        print(
            f"seed {seed}: epoch {last.epoch} accuracy {last.val_accuracy:.4f}, {interval_text(score)}, on {num_images:,}; "
            f"loss {last.val_loss:.4f}; {'inside' if inside else 'OUTSIDE'} .9911-.9947; "
            f"{sum(each.seconds for each in epochs):.0f} s of training, {last.images_per_s:,.0f} images/s",
            flush=True,
        )


if __name__ == "__main__":
    main()
