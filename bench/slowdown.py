"""By how much is training slower while a page is open in a browser on the same machine? Train or the Lab, which show the run,
is opened and closed in turn.

    DIGITLAB_MNIST=... python bench/slowdown.py --pairs 4
    DIGITLAB_MNIST=... python bench/slowdown.py --page lab --preset quick --pairs 6

Each turn takes three epochs on the data of the 2018 recipe; the first, in which the page is opened or closed, does not count.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import chromium, dashboard  # noqa: E402
from bench.dashboard import LAST_ELEMENT  # noqa: E402
from bench.machine import header  # noqa: E402
from core.recipe.presets import PRESETS, preset  # noqa: E402
from core.store import Store  # noqa: E402

_TURN = 3  # epochs


def wait_for_epochs(store: Store, count: int) -> list[float]:
    """Waits until the newest run has so many epochs; gives the seconds of training of each."""
    while len(epochs := store.runs.load(store.runs.all()[0].run_id).epochs) < count:
        time.sleep(0.2)
    return [each.seconds for each in epochs]


def measure(folder: Path, num_pairs: int, name: str, lab: bool) -> list[tuple[float, float]]:
    """Seconds of an epoch with the page open, and without, for each pair of turns."""
    num_epochs = 1 + 2 * num_pairs * _TURN
    recipe = preset(name, "recipe-split").changed(epochs=num_epochs)
    with dashboard(folder, DIGITLAB_MNIST=os.environ["DIGITLAB_MNIST"]) as server, chromium() as browser:
        address = f"{server.url}/train?{urlencode(recipe.to_query())}"
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.wait_for_selector(LAST_ELEMENT["Train"])
        page.get_by_role("button", name="Start", exact=True).click()
        page.get_by_text("Epoch 1 of").wait_for(timeout=120_000)
        if lab:
            address = server.url
            page.goto(address)
        store = Store(folder / "data")
        turns = []
        for turn in range(2 * num_pairs):
            wait_for_epochs(store, 1 + turn * _TURN)
            if turn % 2:
                page.goto("about:blank")
            elif turn:
                page.goto(address)
            turns.append(float(np.mean(wait_for_epochs(store, 1 + (turn + 1) * _TURN)[-_TURN + 1 :])))
            print(f"{'closed' if turn % 2 else 'open':8}{turns[-1]:7.2f} s an epoch", flush=True)
        store.close()
    return list(zip(turns[::2], turns[1::2], strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--page", choices=["train", "lab"], default="train")
    parser.add_argument("--preset", choices=PRESETS, default="recipe")
    options = parser.parse_args()
    print(header(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        pairs = measure(Path(folder), options.pairs, options.preset, options.page == "lab")
    slower = np.array([opened / closed - 1 for opened, closed in pairs])
    print(f"slower by {slower.mean():.1%} (mean of {len(slower)} pairs; {slower.min():.1%} to {slower.max():.1%})")


if __name__ == "__main__":
    main()
