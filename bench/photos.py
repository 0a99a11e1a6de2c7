"""Pages composed of pen digits as a camera sees them: squared, ruled or plain paper, a shadow, tilt, noise and blur. How many are
read right as a whole, given that each of their digits is read right alone?

    DIGITLAB_PEN=open.jsonl.gz python bench/photos.py --run starter

The strokes are a test set: nothing in the product may be chosen on them.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections import Counter
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from scipy.ndimage import gaussian_filter, rotate  # noqa: E402

from bench.drawing import Sample, inked, network_answer, pen_digits, share  # noqa: E402
from bench.machine import header  # noqa: E402
from core.drawing.lines import lines_of  # noqa: E402
from core.drawing.numbers import read_number  # noqa: E402
from core.drawing.photos import read_photo  # noqa: E402
from core.drawing.preprocessing import read_digit  # noqa: E402
from core.errors import DrawingError  # noqa: E402

_WIDE_PX, _MARGIN_PX = 1400, 90
_SQUARES_PX, _RULES_PX = (18, 70), (25, 120)
_HEIGHT_PX, _BRUSH_PX, _GAP_PX = (110, 190), (9, 16), (24, 60)  # of digits; between them
_TILT_DEG, _PAPER, _INK = 6.0, (200, 245), (25, 70)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", default="starter")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(header())
    samples = pen_digits(os.environ["DIGITLAB_PEN"])
    _, answer = network_answer(options)
    tally: Counter[str] = Counter()
    for number in range(options.pages):
        random = np.random.default_rng([options.seed, number])
        kind = ("squared", "ruled", "plain")[random.integers(3)]
        lines = [_some(samples, random) for _ in range(random.integers(1, 4))]
        height = random.uniform(*_HEIGHT_PX)
        brush_px = int(random.integers(*_BRUSH_PX))
        inks = [[inked(sample, height, brush_px) for sample in line] for line in lines]
        alone = answer(np.stack([glyph.image for line in inks for ink in line if (glyph := read_digit(ink))])).argmax(axis=1)
        if alone.tolist() != [sample.label for line in lines for sample in line]:
            continue
        try:
            found = [read_number(line, answer).text for line in lines_of(read_photo(_photo(inks, height, kind, random)).ink)]
        except DrawingError:
            found = []
        right = [text for text in found if text] == ["".join(str(sample.label) for sample in line) for line in lines]
        names = (kind, "one line" if len(lines) == 1 else "several lines", "all")
        for name in names:
            tally[name] += 1
            tally[f"{name} right"] += right
    for name in ("squared", "ruled", "plain", "one line", "several lines", "all"):
        print(f"{name:13} whole page right, given each digit right alone: {share(tally[f'{name} right'], tally[name])}")


def _some(samples: list[Sample], random: np.random.Generator) -> list[Sample]:
    return [samples[place] for place in random.integers(0, len(samples), random.integers(2, 6))]


def _photo(lines: list[list[np.ndarray]], height: float, kind: str, random: np.random.Generator) -> bytes:
    """A JPEG of the page."""
    step = height * random.uniform(1.4, 1.9)
    tall = round(step * len(lines) + 2 * _MARGIN_PX)
    ink = np.zeros((tall, _WIDE_PX), np.float32)
    for row, line in enumerate(lines):
        left = _MARGIN_PX + int(random.integers(0, 60))
        for each in line:
            top = round(_MARGIN_PX + row * step + (height - each.shape[0]) / 2 + random.integers(-6, 7))
            part = ink[top : top + each.shape[0], left : left + each.shape[1]]
            np.maximum(part, each[: part.shape[0], : part.shape[1]] / np.float32(255), out=part)
            left += each.shape[1] + int(random.integers(*_GAP_PX))
    printed = np.zeros_like(ink)
    if kind != "plain":
        every = int(random.integers(*(_SQUARES_PX if kind == "squared" else _RULES_PX)))
        thick, dark = int(random.integers(1, 4)), random.uniform(0.15, 0.5)
        for place in range(int(random.integers(0, every)), tall, every):
            printed[place : place + thick] = dark
        if kind == "squared":
            for place in range(int(random.integers(0, every)), _WIDE_PX, every):
                printed[:, place : place + thick] = dark
    tilt = random.uniform(-_TILT_DEG, _TILT_DEG)
    ink, printed = (rotate(each, tilt, reshape=False, order=1, mode="nearest").clip(0, 1) for each in (ink, printed))
    y, x = np.mgrid[:tall, :_WIDE_PX]
    light = 1 - random.uniform(0, 0.25) * x / _WIDE_PX - random.uniform(0, 0.15) * y / tall
    if random.random() < 0.4:  # a hand's shadow, with a soft edge
        edge = random.uniform(0.2, 0.8) * (_WIDE_PX + tall)
        light *= 1 - random.uniform(0.15, 0.4) / (1 + np.exp((x + y - edge) / 25.0))
    paper, pen = random.uniform(*_PAPER), random.uniform(*_INK)
    seen = paper * (1 - printed)
    seen = (seen * (1 - ink) + np.minimum(seen, pen) * ink) * light
    seen = gaussian_filter(seen, random.uniform(0.4, 1.4)) + random.normal(0, random.uniform(1, 5), seen.shape)
    file = io.BytesIO()
    Image.fromarray(seen.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=int(random.integers(70, 95)))
    return file.getvalue()


if __name__ == "__main__":
    main()
