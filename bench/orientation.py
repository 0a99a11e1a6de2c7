"""Is it found how images lie and which is their ink? Samples of 50 images, in each of eight orientations, inverted or not.

python bench/orientation.py
python bench/orientation.py --samples 1000 --seed 1
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np  # noqa: E402

from bench.machine import header  # noqa: E402
from core import datasets  # noqa: E402
from core.datasets import forms  # noqa: E402
from core.datasets.forms import ORIENTATIONS  # noqa: E402
from core.metrics import interval_text, wilson  # noqa: E402
from core.network.predictor import Predictor  # noqa: E402
from core.store import Store, starter  # noqa: E402

_NUM_IMAGES = 50
_BACK = {"turned to the left": "turned to the right", "turned to the right": "turned to the left"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(header())
    run = starter.network()
    if run is None:
        raise SystemExit("the starter network is missing")
    print(
        f"{options.samples} samples of {_NUM_IMAGES} images from each set, each in a random one of 16 ways; seed {options.seed}"
    )
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        recognise = Predictor(store).reader(run)
        for name in ("mnist", "digits"):
            whole = datasets.load(name)
            found, sure, wrong = 0, 0, 0
            for number in range(options.samples):
                random = np.random.default_rng([options.seed, number])
                rows = random.permutation(len(whole))[:_NUM_IMAGES]
                lie, inverted = list(ORIENTATIONS)[random.integers(8)], bool(random.random() < 0.5)
                values = ORIENTATIONS[_BACK.get(lie, lie)](whole.images[rows])
                file = io.BytesIO()
                np.savez(file, x=255 - values if inverted else values, y=whole.labels[rows])
                told = forms.look([("sample.npz", file)], "sample", recognise, lambda share: None)
                right = (told.proposed.orientation, told.proposed.inverted) == (lie, inverted)
                found += right
                sure += told.sure
                wrong += told.sure and not right
            print(
                f"{name:6}  found {interval_text(wilson(found, options.samples))} of {options.samples}; taken without a question "
                f"{sure}, of these wrong {wrong}",
                flush=True,
            )
        store.close()


if __name__ == "__main__":
    main()
