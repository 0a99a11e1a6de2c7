"""Links whose values are mutated: each page opens, and whatever was wrong is said in sentences."""

from __future__ import annotations

import os
import time
from pathlib import Path
from unittest.mock import patch

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.attack.parsers import Outcome, mutated

ROOT = Path(__file__).parents[2]
_SEEDS = {
    "recipe": [b"quick", b"recipe,epochs:6,dataset:mnist", b"best,optimizer:sgd,zoom:0.2"],
    "epochs": [b"12"],
    "learning_rate": [b"0.001"],
    "dataset": [b"digits", b"mnist", b"csv-0123456789ab"],
    "batch_norm": [b"false"],
    "run": [b"quick-1", b"starter", b"newest", b"7"],
    "other": [b"quick-2"],
    "epoch": [b"3"],
    "cell": [b"4-9"],
    "image": [b"17"],
    "view": [b"matrix", b"map", b"versus"],
    "order": [b"loss"],
    "sort": [b"accuracy"],
    "show": [b"failed"],
    "find": [b"wide"],
    "digit": [b"7"],
    "drawing": [b"number"],
    "hide": [b"delete,kaggle"],
}
_PAGES = ("app.py", "pages/data.py", "pages/train.py", "pages/evaluate.py", "pages/draw.py", "pages/runs.py", "pages/kaggle.py")


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Opens that many links on a lab of its own in `folder`."""
    random, outcome = np.random.default_rng(seed), Outcome()
    os.environ["DIGITLAB_DATA_DIR"] = str(folder)
    os.environ.pop("DIGITLAB_MNIST", None)
    names = list(_SEEDS)
    for turn in range(number):
        chosen = random.choice(len(names), random.integers(1, 5), replace=False)
        link = {names[each]: mutated(random, _SEEDS[names[each]]).decode(errors="replace")[:30_000] for each in chosen}
        visit = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        visit.query_params.update(link)
        visit.switch_page(_PAGES[turn % len(_PAGES)])
        began = time.perf_counter()
        with (
            patch("ui.browser.people.kept_name", lambda: ""),
            patch("ui.browser.people.kept_number", lambda: ""),
        ):  # no cookies here
            visit._run()
        outcome.slowest_s = max(outcome.slowest_s, time.perf_counter() - began)
        outcome.tried += 1
        outcome.refused += bool(visit.warning)
        said = [each.value for each in (*visit.warning, *visit.error)]
        if visit.exception:
            outcome.failures.append(f"{link}: {visit.exception[0].value[:200]}")
        elif any(len(each) > 3000 or "Traceback" in each for each in said):
            outcome.failures.append(f"{link}: {max(said, key=len)[:200]}")
    return outcome
