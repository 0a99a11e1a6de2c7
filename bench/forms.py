"""Digits in forms that people have them: which are read, which are asked about, and is any taken in wrong?

python bench/forms.py
python bench/forms.py --number 500 --seed 1
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np  # noqa: E402

from bench.machine import header  # noqa: E402
from core.datasets import forms, mnist  # noqa: E402
from core.errors import DataError  # noqa: E402
from core.network.predictor import Predictor  # noqa: E402
from core.store import Store, starter  # noqa: E402
from tests.form_files import Form, agrees, mixed  # noqa: E402

_ROWS = (40, 200)
_OUTCOMES = ("read", "asked", "asked, proposal wrong", "wrong", "sentence")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--number", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(header())
    training = mnist.load()
    run = starter.network()
    if run is None:
        raise SystemExit("the starter network is missing")
    counts: dict[str, Counter[str]] = {}
    slowest_s, told = 0.0, []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        recognise = Predictor(store).reader(run)
        for number in range(options.number):
            random = np.random.default_rng([options.seed, number])
            rows = random.permutation(len(training))[: random.integers(*_ROWS)]
            form = mixed(random, training.images[rows], training.labels[rows])
            began = time.perf_counter()
            outcome, words = _outcome(form, recognise)
            slowest_s = max(slowest_s, time.perf_counter() - began)
            counts.setdefault(form.what.partition(",")[0].partition(";")[0], Counter())[outcome] += 1
            if outcome in ("wrong", "sentence", "asked, proposal wrong"):
                told.append(f"{outcome}: {form.what}: {words}")
        store.close()
    print("  ".join(f"{name:>9}" for name in _OUTCOMES) + "  form")
    for name, each in sorted(counts.items()):
        print("  ".join(f"{each[outcome]:{max(9, len(outcome))}}" for outcome in _OUTCOMES) + f"  {name}")
    whole = sum(counts.values(), Counter())
    print("  ".join(f"{whole[outcome]:{max(9, len(outcome))}}" for outcome in _OUTCOMES) + "  all")
    handled = whole["read"] + whole["asked"]
    print(f"read or asked with the right proposal: {handled / options.number:.1%} of {options.number}; slowest {slowest_s:.1f} s")
    print("\n".join(told[:20]))
    raise SystemExit(bool(whole["wrong"]))


def _outcome(form: Form, recognise: forms.Recognise) -> tuple[str, str]:
    try:
        given = [(name, io.BytesIO(content)) for name, content in form.files]
        found = forms.look(given, "digits", recognise, lambda share: None)
        right = agrees(form, *forms.take(found, found.proposed))
    except DataError as error:
        return "sentence", str(error)
    if found.sure:
        return "read" if right else "wrong", found.sentence
    return "asked" if right else "asked, proposal wrong", found.sentence


if __name__ == "__main__":
    main()
