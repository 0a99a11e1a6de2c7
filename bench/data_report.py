"""Does the report on a data set find what is wrong with it? 10,000 faults are planted beside MNIST's 60,000 training images, and
600 labels are swapped; the report looks as it does on the Data page. Printed: the share of each kind that is found, what else is
listed of the 60,000, the time, and the memory above what the process had before.

    python bench/data_report.py --seed 1       # MNIST at hand
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from core import datasets  # noqa: E402
from core.constants import SIDE_PX  # noqa: E402
from core.datasets import Dataset, checks  # noqa: E402
from core.datasets.synthetic.non_digits import non_digits  # noqa: E402
from core.datasets.validation import validation_part  # noqa: E402
from core.evaluation import closer_look, label_faults, mnist_test  # noqa: E402
from core.metrics import interval_text, wilson  # noqa: E402
from core.network.predictor import Predictor  # noqa: E402
from core.store import Store, starter  # noqa: E402

SWAPPED_SHARE = 0.01
PLANTED = {
    "shifted by a pixel": 1500,
    "JPEG, quality 75": 1500,
    "a fifth more contrast": 1500,
    "test image, exact": 1000,
    "test image, shifted": 500,
    "test image, JPEG": 500,
    "cut, 2 % of the ink or more": 1500,
    "blank, noise of 10 levels": 500,
    "letters, signs, scribbles": 1200,
    "on its side": 200,
    "noise": 100,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = np.random.default_rng([options.seed, 0xDA])
    clean, run = datasets.load("mnist"), starter.network()
    if run is None:
        raise SystemExit("the starter network is missing")
    whole, kinds, origins, clean_rows, swapped = planted(clean, random)
    print(header())
    print(f"seed {options.seed}: {len(whole):,} images, {len(swapped)} labels swapped")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        predictor = Predictor(store)
        predictor.answers(run, np.zeros((1, 28, 28), np.float32))  # TensorFlow's start is the server's, not the report's
        mnist_test.pictures()
        before_mb = _start_of_peak()
        began = time.perf_counter()
        report = checks.report(whole)
        at_once_s = time.perf_counter() - began
        look = closer_look.look(whole, lambda share, doing: None, store=store, predictor=predictor)
        took_s = time.perf_counter() - began - at_once_s
        store.close()
    print(f"at once {at_once_s:.1f} s; the closer look {took_s:.0f} s (said: {closer_look.expected_s(len(whole)):.0f} s)")
    print(f"memory: {_memory_mb('VmHWM') - before_mb:.0f} MB more at the peak")
    near = {int(row): int(other) for row, other in look.near}
    test = set(look.test[:, 0].tolist())
    for kind in PLANTED:
        rows = np.flatnonzero(kinds == kind)
        if kind.startswith("test"):
            found = [row in test for row in rows]
        elif kind.startswith("cut"):
            found = np.isin(rows, report.cut)
        elif kind.startswith("blank"):
            found = np.isin(rows, report.blank)
        elif origins[rows[0]] >= 0:
            found = [near.get(int(row)) == origins[row] or near.get(int(origins[row])) == row for row in rows]
        else:
            found = np.isin(rows, look.outliers)
        _print(kind, int(np.sum(found)), len(rows))
    new = np.isin(clean_rows[swapped], validation_part(run.recipe).rows)
    for words, rows in (("has learned from", swapped[~new]), ("has not learned from", swapped[new])):
        _print(f"swapped labels, images the starter network {words}", int(np.isin(rows, look.suspects[:, 0]).sum()), len(rows))
    originals = kinds == ""
    num = int(originals.sum())
    print(f"listed of the {num:,} that nothing was done to:")
    for name, rows in (
        ("nearly equal to an earlier one of them", [row for row, other in near.items() if originals[row] and originals[other]]),
        ("copies of test images", sorted(test)),
        ("cut", report.cut),
        ("blank", report.blank),
        ("unlike all others", look.outliers),
        ("labels that look wrong, not swapped", np.setdiff1d(look.suspects[:, 0], swapped)),
    ):
        _print(f"  {name}", int(originals[np.asarray(rows, int)].sum()), num)


def planted(clean: Dataset, random: np.random.Generator) -> tuple[Dataset, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The data set with its faults, shuffled; the kind of each image, "" for the clean ones; the row of the image that it is a
    copy of, and its row in MNIST, both -1 where there is none; the rows with swapped labels.
    """
    images, labels, kinds = [clean.images], [clean.labels], [""] * len(clean)
    made_from = [np.full(len(clean), -1)]
    theirs = mnist_test.pictures()
    if theirs is None:
        raise SystemExit("MNIST is missing")
    odd = iter(np.round(non_digits(PLANTED["letters, signs, scribbles"], int(random.integers(1 << 30))).images * 255))
    for kind, count in PLANTED.items():
        rows = random.choice(len(theirs) if kind.startswith("test") else len(clean), count, replace=False)
        source = theirs if kind.startswith("test") else clean.images
        new = [np.asarray(_changed(kind, source[row], odd, random), np.uint8) for row in rows]
        images.append(np.stack(new))
        is_digit = kind not in ("letters, signs, scribbles", "noise") and not kind.startswith(("test", "blank"))
        labels.append(clean.labels[rows] if is_digit else random.integers(0, 10, count).astype(np.uint8))
        is_copy = kind in ("shifted by a pixel", "JPEG, quality 75", "a fifth more contrast")
        made_from.append(rows if is_copy else np.full(count, -1))
        kinds += [kind] * count
    order = random.permutation(len(kinds))
    place = np.empty(len(order), int)
    place[order] = np.arange(len(order))
    origins = np.concatenate(made_from)[order]
    named = np.array(kinds)[order]
    shuffled = np.concatenate(labels)[order]
    originals = np.flatnonzero(named == "")
    shuffled[originals], chosen = label_faults.swapped(
        shuffled[originals], share=SWAPPED_SHARE, seed=int(random.integers(1 << 30))
    )
    whole = Dataset("planted", "Planted", "", np.concatenate(images)[order], shuffled)
    clean_rows = np.where(order < len(clean), order, -1)
    return whole, named, np.where(origins >= 0, place[origins], -1), clean_rows, originals[chosen]


def _changed(kind: str, image: np.ndarray, odd: Iterator[np.ndarray], random: np.random.Generator) -> np.ndarray:
    """What is planted of this kind; most are made from `image`."""
    if kind == "letters, signs, scribbles":
        return next(odd)
    if "shifted" in kind:
        down, right = [(0, 1), (1, 0), (1, 1), (-1, 1), (0, -1), (-1, 0), (-1, -1), (1, -1)][random.integers(8)]
        return np.roll(image, (down, right), axis=(0, 1))
    if "JPEG" in kind:
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=75)
        return np.asarray(Image.open(file).convert("L"))
    if kind.startswith("cut"):
        turned = np.rot90(image, random.integers(4))
        for moved in range(3, SIDE_PX):
            cut = np.zeros_like(image)
            cut[moved:] = turned[:-moved]
            if cut.sum(dtype=float) <= 0.98 * image.sum(dtype=float):
                break
        more = random.integers(0, 6)
        cut = np.concatenate([np.zeros((more, SIDE_PX), np.uint8), cut])[:SIDE_PX]
        return np.rot90(cut, -random.integers(4))
    return {
        "a fifth more contrast": lambda: np.clip(image * 1.2, 0, 255),
        "test image, exact": lambda: image,
        "blank, noise of 10 levels": lambda: random.integers(0, 246) + random.integers(0, 10, image.shape),
        "on its side": lambda: np.rot90(image),
        "noise": lambda: random.integers(0, 256, image.shape),
    }[kind]()


def _print(what: str, count: int, total: int) -> None:
    print(f"{what:58} {count:6,} of {total:6,}  {interval_text(wilson(count, total))}", flush=True)


def _memory_mb(name: str) -> float:
    return int(re.findall(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) / 1024


def _start_of_peak() -> float:
    """Has Linux forget the highest memory so far; the memory now."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory_mb("VmRSS")


if __name__ == "__main__":
    main()
