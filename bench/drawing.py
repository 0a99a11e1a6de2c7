"""Accuracy on real pen strokes, drawn on a canvas as a person would: large, small and anywhere, and as numbers of several digits.
The strokes are a test set: nothing in the product may be chosen on them.

    DIGITLAB_PEN=open.jsonl.gz python bench/drawing.py --run starter
    DIGITLAB_PEN=open.jsonl.gz python bench/drawing.py --preset quick --dataset digits
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from core.constants import SIDE_PX  # noqa: E402
from core.drawing.numbers import Answer, read_number  # noqa: E402
from core.drawing.pen_paths import Stroke  # noqa: E402
from core.drawing.preprocessing import read_canvas, read_digit  # noqa: E402
from core.metrics import interval_text, wilson  # noqa: E402

CANVAS_PX, WIDE_PX = 336, 672  # as on the page
BRUSHES_PX, LARGE = (14, 26), (0.65, 0.85)  # and the share of the canvas that a large digit fills
SMALL = (0.25, 0.7)
HEIGHTS_PX, GAPS_PX, COUNTS = (110, 210), (10, 40), (2, 6)
TOUCHING_PX, PAIRS = (-25, -5), (2, 2)  # boxes that overlap: most pairs touch
NUM_NUMBERS = 1500


@dataclass(frozen=True)
class Sample:
    """One digit by one writer: polylines of (x, y), whose longer side is 1000."""

    label: int
    writer: str
    strokes: list[list[list[float]]]


def pen_digits(path: str) -> list[Sample]:
    """All samples of a file of pen digits, one JSON object a line."""
    with gzip.open(path, "rt") as lines:
        found = [json.loads(line) for line in lines]
    return [Sample(each["label"], each["writer"], each["strokes"]) for each in found]


def inked(sample: Sample, longer_px: float, brush_px: int) -> np.ndarray:
    """(h, w) uint8, 0 paper, cropped to the ink: `sample` drawn with a round brush, its ink `longer_px` on the longer side."""
    return stroked(sample, longer_px, brush_px)[0]


def stroked(sample: Sample, longer_px: float, brush_px: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """The ink that `inked` gives, and the places (k, 2) of each of its strokes, x and y in px of it."""
    size = max(longer_px - brush_px, 1) / 1000
    strokes = [[(x * size + brush_px, y * size + brush_px) for x, y in stroke] for stroke in sample.strokes]
    right, bottom = (max(point[axis] for stroke in strokes for point in stroke) for axis in (0, 1))
    image = Image.new("L", (int(right) + 2 * brush_px, int(bottom) + 2 * brush_px))
    pen, reach = ImageDraw.Draw(image), brush_px / 2
    for stroke in strokes:
        if len(stroke) > 1:
            pen.line(stroke, fill=255, width=brush_px)
        for x, y in stroke:
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    box = image.getbbox() or (0, 0, 1, 1)
    return np.asarray(image.crop(box)), [np.array(stroke) - box[:2] for stroke in strokes]


def placed(pieces: Sequence[tuple[np.ndarray, int, int]], width_px: int) -> np.ndarray:
    """(336, width_px) uint8: each ink on a canvas at its left and top."""
    canvas = np.zeros((CANVAS_PX, width_px), np.uint8)
    for ink, left, top in pieces:
        height, width = ink.shape
        part = canvas[top : top + height, left : left + width]
        np.maximum(part, ink[: part.shape[0], : part.shape[1]], out=part)
    return canvas


def single(sample: Sample, sizes: tuple[float, float], random: np.random.Generator) -> np.ndarray:
    """`sample` on the square canvas: its ink's longer side a share of the canvas between `sizes`, anywhere on it."""
    brush_px = int(random.integers(BRUSHES_PX[0], BRUSHES_PX[1] + 1))
    ink = inked(sample, random.uniform(*sizes) * CANVAS_PX, brush_px)
    left, top = (int(random.integers(0, CANVAS_PX - side + 1)) for side in ink.shape[::-1])
    return placed([(ink, left, top)], CANVAS_PX)


def number(
    drawn: Sequence[tuple[np.ndarray, list[np.ndarray]]], gaps_px: tuple[int, int], random: np.random.Generator
) -> tuple[np.ndarray, list[Stroke]]:
    """Digits of `stroked` side by side with gaps of so many pixels between their boxes, each a little up or down: the canvas, as
    wide as they take, and their strokes as the page's canvas gives them.
    """
    pieces, strokes, left = [], [], int(random.integers(5, 30))
    for ink, paths in drawn:
        spare = CANVAS_PX - ink.shape[0]
        top = int(np.clip(spare / 2 + random.integers(-12, 13), 0, spare))
        pieces.append((ink, left, top))
        strokes += [{"path": [["L", *place] for place in (path + (left, top)).tolist()]} for path in paths]
        left += ink.shape[1] + int(random.integers(gaps_px[0], gaps_px[1] + 1))
    return placed(pieces, max(left, WIDE_PX)), strokes


def singles(samples: list[Sample], answer: Answer, sizes: tuple[float, float], seed: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Right or wrong by sample, read as one digit and by `read_canvas`, and how many the latter does not find as one digit."""
    random = np.random.default_rng(seed)
    canvases = [single(sample, sizes, random) for sample in samples]
    labels = np.array([sample.label for sample in samples])
    whole = [read_digit(canvas) for canvas in canvases]
    found = [read_canvas(canvas) for canvas in canvases]
    blank = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    alone = answer(np.stack([glyph.image if glyph else blank for glyph in whole])).argmax(axis=1) == labels
    one = np.array([len(glyphs) == 1 for glyphs in found])
    first = answer(np.stack([glyphs[0].image if glyphs else blank for glyphs in found])).argmax(axis=1) == labels
    return alone, first & one, int(np.sum(~one))


def numbers(
    draw: Callable[[np.random.Generator, int], tuple[int, tuple[np.ndarray, list[np.ndarray]]]],
    answer: Answer,
    counts: tuple[int, int],
    gaps_px: tuple[int, int],
    seed: int,
    count: int = NUM_NUMBERS,
) -> dict[str, tuple[int, int]]:
    """Of `count` numbers of so many digits: how many were found with the right count of digits and read right, by geometry
    alone, with the network's help from the picture, and with its strokes as well, of those whose digits are all read right alone.
    """
    random = np.random.default_rng(seed)
    tally: Counter[str] = Counter()
    times: list[float] = []
    for _ in range(count):
        brush_px = int(random.integers(BRUSHES_PX[0], BRUSHES_PX[1] + 1))
        drawn = [draw(random, brush_px) for _ in range(int(random.integers(counts[0], counts[1] + 1)))]
        alone = answer(np.stack([glyph.image for _, (ink, _) in drawn if (glyph := read_digit(ink))])).argmax(axis=1)
        labels = [label for label, _ in drawn]
        canvas, strokes = number([parts for _, parts in drawn], gaps_px, random)
        began = time.perf_counter()
        glyphs = read_canvas(canvas)
        times.append(time.perf_counter() - began)
        text = "".join(map(str, labels))
        from_picture, from_strokes = read_number(canvas, answer).text == text, read_number(canvas, answer, strokes).text == text
        tally["geometry counts right"] += len(glyphs) == len(drawn)
        tally["all"] += 1
        tally["picture"] += from_picture
        tally["strokes"] += from_strokes
        if alone.tolist() == labels:
            tally["given"] += 1
            by_geometry = answer(np.stack([glyph.image for glyph in glyphs])).argmax(axis=1).tolist()
            tally["geometry given"] += by_geometry == labels
            tally["picture given"] += from_picture
            tally["strokes given"] += from_strokes
    print(f"  geometry alone takes {np.median(times) * 1000:.1f} ms a canvas, median")
    return {
        "digits counted right by geometry alone": (tally["geometry counts right"], tally["all"]),
        "whole number right from its picture": (tally["picture"], tally["all"]),
        "whole number right with its strokes, as on the page": (tally["strokes"], tally["all"]),
        "given each digit right alone, geometry alone": (tally["geometry given"], tally["given"]),
        "given each digit right alone, from its picture": (tally["picture given"], tally["given"]),
        "given each digit right alone, with its strokes": (tally["strokes given"], tally["given"]),
    }


def share(num_right: int, num: int) -> str:
    return f"{interval_text(wilson(num_right, num))}, {num_right:,} of {num:,}" if num else "none"


def by_label_and_writer(samples: list[Sample], right: np.ndarray) -> None:
    """Prints accuracy by digit and the writers with the lowest accuracy. The file does not say which zeros are slashed."""
    labels, writers = np.array([each.label for each in samples]), np.array([each.writer for each in samples])
    for digit in range(10):
        print(f"  {digit}: {share(int(right[labels == digit].sum()), int(np.sum(labels == digit)))}")
    crossed = np.array([each.label == 0 and len(each.strokes) > 1 for each in samples])
    print(f"  zeros of two strokes or more, a slash among them: {share(int(right[crossed].sum()), int(crossed.sum()))}")
    rates = {writer: right[writers == writer] for writer in set(writers.tolist())}
    print(f"  mean over {len(rates)} writers: {np.mean([own.mean() for own in rates.values()]):.1%}")
    for writer, own in sorted(rates.items(), key=lambda pair: float(pair[1].mean()))[:5]:
        print(f"    {writer}: {share(int(own.sum()), len(own))}")


def network_answer(options: argparse.Namespace) -> tuple[str, Answer]:
    """The description of the network to measure, and the function that gives its answers."""
    if options.run:
        from core.network.predictor import Predictor
        from core.store import Store, starter
        from core.system.paths import data_dir
        from core.training.studio import Studio

        store = Store(data_dir())
        studio, predictor = Studio(store), Predictor(store)
        rows = {row.name: row.run_id for row in store.runs.all()} | {starter.RUN_ID: starter.RUN_ID}
        if options.run not in rows:
            raise SystemExit(f"There is no run {options.run!r}; there are {', '.join(rows) or 'none'}.")
        run = studio.snapshot(rows[options.run])
        words = f"{run.name}, epoch {run.served_epoch_number}"
        return words, lambda images: predictor.probabilities(run, images)
    from bench.training import trained
    from core.recipe.presets import preset

    recipe = preset(options.preset, options.dataset)
    result = trained(recipe)
    words = f"{options.preset} on {options.dataset}, seed {recipe.seed}, validation {result.epochs[-1].epoch.val_accuracy:.4f}"
    return words, lambda images: np.asarray(result.model(images[..., None], training=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", help="the name of a run in the data folder, such as quick-1, or: starter")
    parser.add_argument("--preset", default="quick", help="trained here where no run is named")
    parser.add_argument("--dataset", default="digits")
    parser.add_argument("--seed", type=int, default=13, help="of sizes, places, brushes and numbers")
    options = parser.parse_args()
    if "DIGITLAB_PEN" not in os.environ:
        parser.error("DIGITLAB_PEN has to name the file of pen digits, one JSON object a line, packed with gzip")
    samples = pen_digits(os.environ["DIGITLAB_PEN"])
    words, answer = network_answer(options)
    answer = in_parts(answer)
    print(header())
    print(f"{len(samples):,} pen digits, read by {words}")
    for title, sizes in (("large", LARGE), ("at 25 to 70 % of the canvas", SMALL)):
        alone, found, lost = singles(samples, answer, sizes, options.seed)
        print(f"{title}, brush 14 to 26 px, anywhere")
        print(f"  as one digit: {share(int(alone.sum()), len(alone))}")
        print(f"  by read_canvas: {share(int(found.sum()), len(found))}; {lost} not found as one digit")
        by_label_and_writer(samples, found)

    def draw(random: np.random.Generator, brush_px: int) -> tuple[int, tuple[np.ndarray, list[np.ndarray]]]:
        sample = samples[random.integers(len(samples))]
        return sample.label, stroked(sample, float(random.uniform(*HEIGHTS_PX)), brush_px)

    for counts, gaps_px in ((COUNTS, GAPS_PX), (PAIRS, TOUCHING_PX)):
        digits = "2" if counts == PAIRS else f"{counts[0]} to {counts[1]}"
        print(f"numbers of {digits} digits, gaps of {gaps_px[0]} to {gaps_px[1]} px")
        for name, (num_right, num) in numbers(draw, answer, counts, gaps_px, options.seed).items():
            print(f"  {name}: {share(num_right, num)}")


def in_parts(answer: Answer) -> Answer:
    """Asks for the answers to 500 images at a time."""
    return lambda images: np.concatenate([answer(images[start : start + 500]) for start in range(0, len(images), 500)])


if __name__ == "__main__":
    main()
