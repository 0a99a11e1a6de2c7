"""Two digits in the field for one: how many pairs are told, and how many single digits are taken for several?

    DIGITLAB_PEN=open.jsonl.gz python bench/two_in_one.py --run starter

The rule has no constant that was chosen on these strokes.
"""

from __future__ import annotations

import argparse
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
from pathlib import Path  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np  # noqa: E402

from bench.drawing import BRUSHES_PX, CANVAS_PX, LARGE, SMALL, inked, network_answer, pen_digits, placed, share, single  # noqa: E402
from bench.machine import header  # noqa: E402
from core.drawing.numbers import Answer, Number, several  # noqa: E402
from core.drawing.preprocessing import read_digit  # noqa: E402

_NUM_PAIRS = 1500
_SHARE, _GAPS_PX, _MARGIN_PX = (0.3, 0.55), (8, 40), 12  # a digit's height of the canvas, and what lies between and around two


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", default="starter")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(header())
    samples = pen_digits(os.environ["DIGITLAB_PEN"])
    _, answer = network_answer(options)
    for name, sizes in (("large", LARGE), ("small", SMALL)):
        random = np.random.default_rng(options.seed)
        taken = 0
        for sample in samples:
            taken += _several(single(sample, sizes, random), answer) is not None
        print(f"single {name} pen digits taken for several: {share(taken, len(samples))}", flush=True)
    random = np.random.default_rng(options.seed)
    told = right = tried = 0
    while tried < _NUM_PAIRS:
        pair = [samples[place] for place in random.integers(0, len(samples), 2)]
        brush_px = int(random.integers(BRUSHES_PX[0], BRUSHES_PX[1] + 1))
        height = random.uniform(*_SHARE) * CANVAS_PX
        inks = [inked(sample, height, brush_px) for sample in pair]
        gap = int(random.integers(*_GAPS_PX))
        width = sum(ink.shape[1] for ink in inks) + gap
        spare = CANVAS_PX - width - 2 * _MARGIN_PX
        if spare < 0:
            continue
        left = _MARGIN_PX + int(random.integers(0, spare + 1))
        top = int(random.integers(_MARGIN_PX, CANVAS_PX - max(ink.shape[0] for ink in inks) - _MARGIN_PX))
        canvas = placed([(inks[0], left, top), (inks[1], left + inks[0].shape[1] + gap, top)], CANVAS_PX)
        found = _several(canvas, answer)
        tried += 1
        told += found is not None
        right += found is not None and found.text == f"{pair[0].label}{pair[1].label}"
    print(f"pairs told: {share(told, tried)}; their number right: {share(right, tried)}")


def _several(canvas: np.ndarray, answer: Answer) -> Number | None:
    whole = read_digit(canvas)
    if whole is None:
        return None
    return several(canvas, answer, float(answer(whole.image[None]).max()))


if __name__ == "__main__":
    main()
