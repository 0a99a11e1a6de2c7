"""What "Learn from me" is worth: a quick network meets writers that it never saw, one after the other, and learns from half of
each writer's digits. Printed: how it reads the other half and its validation images, before and after, over all writers.

    DIGITLAB_PEN=open.jsonl.gz python bench/own_hand.py [--writers 12] [--dataset digits]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench import machine  # noqa: E402
from bench.drawing import inked, pen_digits  # noqa: E402
from core.drawing.labelled import Hand, digest_of, levels  # noqa: E402
from core.drawing.preprocessing import read_digit  # noqa: E402
from core.metrics import interval_text, wilson  # noqa: E402
from core.recipe.presets import preset  # noqa: E402
from core.store import Store  # noqa: E402
from core.training import fine_tuning  # noqa: E402
from core.training.studio import Studio  # noqa: E402

MIN_DIGITS, MAX_DIGITS = 40, 60  # of a writer: what one or two tests of thirty give
_LONGER_PX, _BRUSH_PX, _PAPER_PX = 220, 22, 50


def hands(path: str) -> dict[str, Hand]:
    """Writer -> their digits, for those who gave enough of them, most digits first."""
    by_writer: dict[str, list[tuple[np.ndarray, int]]] = defaultdict(list)
    for sample in pen_digits(path):
        glyph = read_digit(np.pad(inked(sample, _LONGER_PX, _BRUSH_PX), _PAPER_PX))
        by_writer[sample.writer].append((levels(glyph.image), sample.label))
    made = {}
    for writer in sorted(by_writer, key=lambda each: -len(by_writer[each])):
        images, digits = zip(*by_writer[writer][:MAX_DIGITS], strict=True)
        if len(digits) >= MIN_DIGITS:
            made[writer] = Hand(np.stack(images), np.array(digits, np.uint8), tuple(map(digest_of, images)))
    return made


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
        results = []
        for writer, hand in list(hands(os.environ["DIGITLAB_PEN"]).items())[options.first :][: options.writers]:
            tuned = fine_tuning.learn(store, run, hand, lambda share, doing: None)
            results.append(tuned)
            print(f"{writer}: {_effect_text(tuned.hand)}, validation {_effect_text(tuned.validation)}, {tuned.seconds:.1f} s")
        effects = [tuned.hand for tuned in results]
        num_images = sum(each.num_images for each in effects)
        before = wilson(round(sum(each.before.share * each.num_images for each in effects)), num_images)
        after = wilson(round(sum(each.after.share * each.num_images for each in effects)), num_images)
        print(f"held out, {num_images:,} digits by {len(results)} writers: {interval_text(before)} -> {interval_text(after)}")
        validation = [tuned.validation.after.share for tuned in results]  # of the same images each time: no interval of the sum
        print(f"validation: {results[0].validation.before.share:.2%} -> {statistics.mean(validation):.2%}, mean over the writers")
        print(f"seconds of learning, median: {statistics.median(each.seconds for each in results):.1f}")
        studio.close()
        store.close()


def _effect_text(effect: fine_tuning.Effect) -> str:
    return f"{effect.before.share:.1%} -> {effect.after.share:.1%} of {effect.num_images}"


if __name__ == "__main__":
    main()
