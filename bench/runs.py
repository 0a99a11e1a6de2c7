"""The time to open the Runs page with a thousand runs in the record, measured in a real browser: from the click in the sidebar,
and from the address of a new window, until the table and the leaderboards are there.

    python bench/runs.py                 # 1,000 runs of 12 epochs, 20 openings each way
    python bench/runs.py --runs 100 --openings 5
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import Dashboard, chromium, dashboard  # noqa: E402
from bench.dashboard import summary  # noqa: E402
from bench.machine import header  # noqa: E402
from core.recipe import Recipe  # noqa: E402
from core.recipe.presets import preset  # noqa: E402
from core.store import Store, tables  # noqa: E402

NUM_EPOCHS = 12
NUM_VALIDATION = 8400
_STATES = ("finished",) * 17 + ("stopped", "failed", "interrupted")
_TAGS = ("", "", "", "thin pen", "class 7b", "class 7b, thin pen")
# True once the table, which is a canvas, and the three leaderboards below it are drawn.
_THERE = """() => document.querySelector('h1')?.innerText.trim() === 'Runs'
  && [...document.querySelectorAll('[data-testid=stDataFrame]')].filter(each => each.querySelector('canvas')).length === 4"""
_OPEN = f"""() => new Promise((resolve, reject) => {{
  setTimeout(() => reject(new Error('Runs did not come')), 60000);
  const began = performance.now(), there = {_THERE};
  const watcher = new MutationObserver(() => {{ if (there()) {{ watcher.disconnect(); resolve(performance.now() - began); }} }});
  watcher.observe(document.body, {{childList: true, subtree: true}});
  [...document.querySelectorAll('section[data-testid=stSidebar] a')].find(a => a.innerText.trim().endsWith('Runs')).click();
}})"""


def fill(store: Store, num_runs: int, *, seed: int = 0) -> None:
    """Writes finished runs to the record, without their files, which the table does not need."""
    random = np.random.default_rng(seed)
    runs, epochs = [], []
    for number in range(1, num_runs + 1):
        recipe, run_id = _recipe(random), f"{number:012x}"
        seconds = float(random.uniform(3, 30))
        runs.append(
            {
                "run_id": run_id,
                "number": number,
                "name": f"mine-{number}",
                "recipe": recipe.to_json(),
                "state": str(random.choice(_STATES)),
                "created": time.time() - 3600 * (num_runs - number),
                "steps_per_epoch": 263,
                "num_validation": NUM_VALIDATION,
                "step": 263 * NUM_EPOCHS,
                "active_s": 1.05 * seconds * NUM_EPOCHS,
                "precision": "float32",
                "message": "",
                "starred": bool(random.random() < 0.05),
                "tags": str(random.choice(_TAGS)),
                "note": "Wider than the one before." if random.random() < 0.1 else "",
            }
        )
        last = random.uniform(0.985, 0.994)
        for epoch in range(1, NUM_EPOCHS + 1):
            accuracy = round((last - 0.3 * np.exp(-epoch)) * NUM_VALIDATION) / NUM_VALIDATION
            epochs.append(
                {
                    "run_id": run_id,
                    "epoch": epoch,
                    "loss": 0.1,
                    "accuracy": accuracy - 0.01,
                    "val_loss": 1.2 * (1 - accuracy),
                    "val_accuracy": accuracy,
                    "learning_rate": recipe.learning_rate,
                    "seconds": seconds,
                    "images_per_s": 2000.0,
                    "partial": False,
                }
            )
    with store.database.writing() as connection:
        connection.execute(tables.runs.insert(), runs)
        connection.execute(tables.epochs.insert(), epochs)


def _recipe(random: np.random.Generator) -> Recipe:
    made = preset(str(random.choice(["quick", "recipe"])), "recipe-split")
    changes = {
        "filters_2": int(random.integers(8, 96)),
        "learning_rate": float(random.choice([0.001, 0.003, 0.006])),
        "optimizer": str(random.choice(["adam", "rmsprop", "sgd"])),
        "rotation_deg": float(random.integers(0, 20)),
    }
    made = made.changed(epochs=NUM_EPOCHS, seed=int(random.integers(99)))
    return made.changed(**{name: value for name, value in changes.items() if random.random() < 0.4})


def from_sidebar(page: Page, openings: int) -> list[float]:
    """Milliseconds from the click to the page, each time from the Lab."""
    taken = []
    for _ in range(openings):
        page.locator(".stSidebar").get_by_role("link", name="Lab", exact=True).click()
        page.get_by_role("heading", name="Lab", level=1, exact=True).wait_for()
        page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
        page.wait_for_timeout(400)
        taken.append(page.evaluate(_OPEN))
        page.wait_for_timeout(400)
    return taken


def from_address(browser: Browser, server: Dashboard, openings: int) -> list[float]:
    """Milliseconds from the address in a new window to the page, including Streamlit's own start."""
    taken = []
    for _ in range(openings):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{server.url}/runs", wait_until="commit")
        taken.append(page.evaluate(_WAIT))
        context.close()
    return taken


_WAIT = f"""() => new Promise((resolve, reject) => {{
  setTimeout(() => reject(new Error('Runs did not come')), 60000);
  const there = {_THERE};
  const watcher = new MutationObserver(() => {{ if (there()) {{ watcher.disconnect(); resolve(performance.now()); }} }});
  watcher.observe(document, {{childList: true, subtree: true}});
}})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--openings", type=int, default=20)
    options = parser.parse_args()
    print(header())
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        data_dir.mkdir()
        store = Store(data_dir)
        fill(store, options.runs)
        store.close()
        with dashboard(Path(folder)) as server, chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(120_000)
            page.goto(server.url)
            page.get_by_text("Step by step").wait_for()
            page.wait_for_timeout(15_000)  # the server warms up in the background
            ways = {"first, from the sidebar": from_sidebar(page, 1), "from the sidebar": from_sidebar(page, options.openings)}
            ways["from the address, new window"] = from_address(browser, server, options.openings)
    print(f"Runs page with {options.runs:,} runs of {NUM_EPOCHS} epochs")
    for way, taken in ways.items():
        row = summary(taken)
        print(f"{way:30}{row['n']:5}{row['median_ms']:7} ms{row['p95_ms']:7} ms")


if __name__ == "__main__":
    main()
