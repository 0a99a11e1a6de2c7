"""Are wrong labels found? 3 % of the built-in digits' labels are swapped on purpose, and looked for the way the page looks for
them: five small networks, each image read by the one that never saw it. The aim: 80 % of them listed, no more false ones.

    python bench/label_faults.py --seeds 1 2 3
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from core import datasets  # noqa: E402
from core.evaluation import label_faults  # noqa: E402
from core.system import priority  # noqa: E402
from core.training.label_search import recipe_for  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--share", type=float, default=0.03)
    options = parser.parse_args()
    priority.lower_workers()
    from core.training import cross_validation

    clean = datasets.load("digits")
    print(header())
    for seed in options.seeds:
        labels, swapped = label_faults.swapped(clean.labels, share=options.share, seed=seed)
        began_s = time.perf_counter()
        probabilities = cross_validation.out_of_sample(
            dataclasses.replace(clean, labels=labels), recipe_for(len(clean)), lambda share: None
        )
        seconds = time.perf_counter() - began_s
        misread = int(np.sum(probabilities.argmax(axis=1) != clean.labels))
        found = label_faults.suspects(labels, probabilities)
        num_hits = int(np.isin(found, swapped).sum())
        print(
            f"seed {seed}: {num_hits} of {len(swapped)} swapped labels listed ({num_hits / len(swapped):.0%}), "
            f"{len(found) - num_hits} false ones; {misread} of {len(labels):,} images misread, {seconds:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
