"""How many non-digits does a network reject at a threshold that rejects 2 % of the digits in the pen set? And how many of both
does the product's own threshold, which is set without the pen set, reject?

    DIGITLAB_PEN=open.jsonl.gz python bench/rejection.py --seeds 13 14 15     (trains the quick preset on the built-in digits)
    DIGITLAB_PEN=open.jsonl.gz python bench/rejection.py --run quick-7        (of the data folder, its best epoch; or: starter)

With --fonts, also letters and signs of fonts that no threshold was ever set on, and each letter and sign judged by a boundary
that was never shown it in any form.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import ImageFont

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from core.datasets.synthetic import redrawn  # noqa: E402
from core.datasets.synthetic.freehand import drawn  # noqa: E402
from core.datasets.synthetic.non_digits import (  # noqa: E402
    KINDS,
    PRINTED_LETTERS,
    PRINTED_SIGNS,
    NonDigits,
    non_digits,
    printed,
    whole,
)
from core.evaluation import (
    rejection,  # noqa: E402
    rejection_threshold,  # noqa: E402
)
from core.evaluation.rejection import Sample  # noqa: E402
from core.metrics import interval_text, wilson  # noqa: E402
from core.network.predictor import Answers, Predictor  # noqa: E402
from core.recipe.presets import preset  # noqa: E402
from core.runs.snapshot import RunSnapshot  # noqa: E402
from core.store import Store, starter  # noqa: E402
from core.system.paths import data_dir  # noqa: E402
from core.training.studio import Studio  # noqa: E402

NUM_FOLDS = 12
NUM_OTHERS, OTHERS_SEED = 2000, 3  # neither fitted on (seed 1) nor chosen on (seed 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", help="a run of the data folder by its name; without it, one is trained for each seed")
    parser.add_argument("--dataset", default="digits", help="what to train on (default: the built-in digits)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[13, 14, 15])
    parser.add_argument("--fonts", type=Path, nargs="+", default=[], help="font files with other letters than the product's own")
    options = parser.parse_args()
    print(header())
    digits, labels = pen_digits(Path(os.environ["DIGITLAB_PEN"]))
    others = non_digits(NUM_OTHERS, OTHERS_SEED)
    print(f"{len(digits):,} pen digits; {NUM_OTHERS:,} non-digits, seed {OTHERS_SEED}: {NUM_OTHERS // len(KINDS)} of each kind")
    foreign = in_fonts(options.fonts)
    if options.run:
        store = Store(data_dir())
        studio = Studio(store)
        rows = {row.name: row.run_id for row in store.runs.all()} | {starter.RUN_ID: starter.RUN_ID}
        report(Predictor(store), studio.snapshot(rows[options.run]), data_dir(), digits, labels, others, foreign)
        return
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder))
            studio = Studio(store)
            run = studio.submit(preset("quick", options.dataset).changed(seed=seed))
            while run.active:
                run = studio.wait(run)
            print(f"seed {seed}, {options.dataset}:", end=" ")
            report(Predictor(store), run, data_dir(), digits, labels, others, foreign)
            studio.close()
            store.close()


def pen_digits(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The pen set's digits, each drawn once with a brush of 14 to 26 px at a quarter to four fifths of the canvas."""
    random = np.random.default_rng(0)
    with gzip.open(path, "rt") as lines:
        records = [json.loads(line) for line in lines]
    images = [
        whole(drawn([np.array(stroke, float) for stroke in each["strokes"]], random, brushes_px=(14, 26))) for each in records
    ]
    return np.stack(images), np.array([each["label"] for each in records])


def in_fonts(fonts: list[Path]) -> NonDigits:
    """20 of each letter and sign, in these fonts in turn."""
    random = np.random.default_rng(5)
    names = [character for character in PRINTED_LETTERS + PRINTED_SIGNS for _ in range(20)] if fonts else []
    images = [
        whole(printed(random, name, partial(ImageFont.truetype, str(fonts[i % len(fonts)])))) for i, name in enumerate(names)
    ]
    kinds = ["letter" if name.isalpha() else "sign" for name in names]
    return NonDigits(np.array(images, np.float32).reshape(-1, 28, 28), np.array(kinds, str), np.array(names, str))


def report(
    predictor: Predictor,
    run: RunSnapshot,
    folder: Path,
    digits: np.ndarray,
    labels: np.ndarray,
    others: NonDigits,
    foreign: NonDigits,
) -> None:
    epoch = run.served_epoch.epoch
    fitted, held_out = (
        rejection_threshold.answered(predictor, run, epoch, drawings)
        for drawings in (redrawn.to_fit_on(folder), redrawn.held_out(run.recipe, folder))
    )
    began = time.perf_counter()
    found = rejection_threshold.measure(predictor, run, epoch, folder, lambda share, doing: None)
    seconds = time.perf_counter() - began
    pen, rest = (predictor.answers(run, each, epoch=epoch) for each in (digits, others.images))
    right = pen.logits.argmax(axis=1) == labels
    print(f"{run.name}, epoch {epoch}; pen digits read right {share(right)}; its threshold took {seconds:.1f} s")
    print("  rejected of the non-digits where 2 % of the pen digits are")
    for name, score in rejection.fit_scores(fitted, held_out).items():
        caught = score(rest) > rejection.threshold_for(score(pen))
        print(f"    {name:12} {share(caught)}{'   <- chosen' if name == found.name else ''}")
    chosen = found.score(rest) > rejection.threshold_for(found.score(pen))
    print("    by kind: " + ", ".join(f"{kind} {chosen[others.kinds == kind].mean():.1%}" for kind in KINDS))
    shown = non_digits(len(fitted.non_digits.images), 1)  # those that `redrawn` keeps
    without = partial(never_shown, fitted, held_out, pen)
    unseen = [without(rest, shown.kinds != kind, others.kinds == kind) for kind in KINDS]
    print(f"    boundary, each kind judged by one that was never shown it: {share(np.concatenate(unseen))}")
    if len(foreign.images):
        letters = predictor.answers(run, foreign.images, epoch=epoch)
        caught = found.score(letters) > rejection.threshold_for(found.score(pen))
        for kind in ("letter", "sign"):
            print(f"    {kind}s in fonts that it was never shown: {share(caught[foreign.kinds == kind])}")
        rarest = sorted((float(caught[foreign.names == name].mean()), name) for name in set(foreign.names.tolist()))[:8]
        print("      rejected least: " + ", ".join(f"{name} {part:.0%}" for part, name in rarest))
        by_character(without, letters, foreign, shown)
    rejected = found.rejects(pen)
    print("  at the product's own threshold, set without the pen digits")
    print(f"    non-digits rejected {share(found.rejects(rest))}, pen digits {share(rejected)}", end=", ")
    print(f"of those read wrong {share(rejected[~right])}")
    print(f"    pen digits read right among those answered {share(right[~rejected])}", flush=True)


def by_character(without: Callable[..., np.ndarray], letters: Answers, foreign: NonDigits, shown: NonDigits) -> None:
    """Prints the share rejected where a twelfth of the letters and signs was never shown in any form, each twelfth in turn."""
    names = np.random.default_rng(0).permutation(sorted({name.casefold() for name in foreign.names.tolist()}))
    unseen: dict[str, list[np.ndarray]] = {"letter": [], "sign": []}
    shown_names, own_names = (np.array([name.casefold() for name in each.names.tolist()]) for each in (shown, foreign))
    for fold in range(NUM_FOLDS):
        out = names[fold::NUM_FOLDS]
        for kind, parts in unseen.items():
            parts.append(without(letters, ~np.isin(shown_names, out), np.isin(own_names, out) & (foreign.kinds == kind)))
    for kind, parts in unseen.items():
        print(f"    {kind}s that it was never shown in any form: {share(np.concatenate(parts))}")


def never_shown(
    fitted: Sample, held_out: Sample, pen: Answers, asked: Answers, shown: np.ndarray, judged: np.ndarray
) -> np.ndarray:
    """Which of the non-digits `judged` (n,) among `asked` are rejected by a boundary that was fitted on `shown` (m,) alone."""
    if not judged.any():
        return np.zeros(0, bool)
    score = rejection.fit_scores(replace(fitted, non_digits=fitted.non_digits.rows(shown)), held_out)["boundary"]
    return score(asked.rows(judged)) > rejection.threshold_for(score(pen))


def share(those: np.ndarray) -> str:
    return interval_text(wilson(int(those.sum()), len(those)))


if __name__ == "__main__":
    main()
