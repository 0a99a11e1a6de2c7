"""What "Learn from me" is worth: a quick network meets writers that it never saw, one after the other, and learns from half of
each writer's digits. Printed: how it reads the other half and its validation images, before and after, over all writers.

    DIGITLAB_PEN=open.jsonl.gz python bench/own_hand.py [--writers 12] [--dataset digits]

The file holds one JSON object a line: label, writer, strokes (polylines of [x, y], the longer side 1000).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench import machine  # noqa: E402
from core.hand import Hand, digest_of  # noqa: E402
from core.metrics import interval_text, wilson  # noqa: E402
from core.presets import preset  # noqa: E402
from core.store import Store  # noqa: E402
from core.strokes import read_canvas  # noqa: E402
from core.training import learning  # noqa: E402
from core.training.studio import Studio  # noqa: E402

MIN_DIGITS, MAX_DIGITS = 40, 60  # of a writer: what one or two tests of thirty give
_SIDE_PX, _INK_PX, _BRUSH_PX = 280, 200, 20


def hands(path: Path) -> dict[str, Hand]:
    """Writer -> their digits, for those who gave enough of them, most digits first."""
    by_writer: dict[str, list[tuple[np.ndarray, int]]] = defaultdict(list)
    with gzip.open(path, "rt") as lines:
        for line in map(json.loads, lines):
            (glyph,) = read_canvas(_drawn(line["strokes"]))
            by_writer[line["writer"]].append((np.round(glyph.image * 255).astype(np.uint8), line["label"]))
    made = {}
    for writer in sorted(by_writer, key=lambda each: -len(by_writer[each])):
        images, digits = zip(*by_writer[writer][:MAX_DIGITS], strict=True)
        if len(digits) >= MIN_DIGITS:
            made[writer] = Hand(np.stack(images), np.array(digits, np.uint8), tuple(map(digest_of, images)))
    return made


def _drawn(strokes: list[list[list[int]]]) -> np.ndarray:
    canvas = Image.new("L", (_SIDE_PX, _SIDE_PX), 255)
    pen, radius = ImageDraw.Draw(canvas), _BRUSH_PX / 2
    for stroke in strokes:
        places = [(40 + x * _INK_PX / 1000, 40 + y * _INK_PX / 1000) for x, y in stroke]
        pen.line(places, fill=0, width=_BRUSH_PX, joint="curve")
        for x, y in places:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return np.asarray(canvas)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--first", type=int, default=6, help="the ones before were looked at when the rate was chosen")
    parser.add_argument("--dataset", default="digits")
    options = parser.parse_args()
    print(machine.header())
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        studio = Studio(store)
        run = studio.submit(preset("quick", options.dataset))
        while run.active:
            run = studio.wait(run)
        lessons = []
        for writer, hand in list(hands(Path(os.environ["DIGITLAB_PEN"])).items())[options.first :][: options.writers]:
            lesson = learning.learn(store, run, hand, lambda share, doing: None)
            lessons.append(lesson)
            print(f"{writer}: {_effect_text(lesson.hand)}, validation {_effect_text(lesson.validation)}, {lesson.seconds:.1f} s")
        effects = [lesson.hand for lesson in lessons]
        num_images = sum(each.num_images for each in effects)
        before = wilson(round(sum(each.before.share * each.num_images for each in effects)), num_images)
        after = wilson(round(sum(each.after.share * each.num_images for each in effects)), num_images)
        print(f"held out, {num_images:,} digits by {len(lessons)} writers: {interval_text(before)} -> {interval_text(after)}")
        validation = [lesson.validation.after.share for lesson in lessons]  # of the same images each time: no interval of the sum
        print(f"validation: {lessons[0].validation.before.share:.2%} -> {statistics.mean(validation):.2%}, mean over the writers")
        print(f"seconds of learning, median: {statistics.median(each.seconds for each in lessons):.1f}")
        studio.close()
        store.close()


def _effect_text(effect: learning.Effect) -> str:
    return f"{effect.before.share:.1%} -> {effect.after.share:.1%} of {effect.num_images}"


if __name__ == "__main__":
    main()
