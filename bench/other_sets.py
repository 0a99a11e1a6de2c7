"""How long does the starter network take to score a data set of 60,000 images, and is its figure that of its validation part?

python bench/other_sets.py       # MNIST at hand
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from core import datasets  # noqa: E402
from core.evaluation import seen_images, set_scores  # noqa: E402
from core.metrics import interval_text, wilson  # noqa: E402
from core.store import Store, starter  # noqa: E402


def main() -> None:
    print(header())
    run = starter.network()
    if run is None or run.recipe.dataset != "mnist" or run.served_epoch is None:
        raise SystemExit("the starter network or MNIST is missing")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        built_in, whole = (set_scores.Cell(run.run_id, run.served_epoch.epoch, name) for name in ("digits", "mnist"))
        datasets.load("mnist")  # read from its file once, however often it is scored
        began = time.perf_counter()
        seen_images.marks(store, run, datasets.load("mnist"))
        print(f"60,000 images compared with 48,000 training images: {time.perf_counter() - began:.2f} s")
        began = time.perf_counter()
        set_scores.score(store, [built_in], _quiet)
        print(f"1,797 images, TensorFlow's start among it: {time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        set_scores.score(store, [whole], _quiet)
        print(f"60,000 images scored: {time.perf_counter() - began:.1f} s")
        score = store.set_scores.score(*whole)
        store.close()
    if score is None:
        raise SystemExit("nothing was scored")
    recorded = wilson(round(run.served_epoch.val_accuracy * run.num_validation), run.num_validation)
    print(f"on the {score.num_counted:,} that it was not trained on: {interval_text(score.accuracy)}")
    print(f"on its validation part, as recorded when it was trained: {interval_text(recorded)}")
    raise SystemExit(score.accuracy != recorded)


def _quiet(share: float, doing: str, remaining_s: float | None = None) -> None:
    pass


if __name__ == "__main__":
    main()
