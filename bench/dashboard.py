"""Waiting times in a real browser, measured by a MutationObserver in the page: first page, page change, stroke to answer, epoch
to screen. Idle, and while a training run uses every core.

    python bench/dashboard.py            # table
    python bench/dashboard.py --json
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import ROOT, chromium, dashboard  # noqa: E402
from bench.machine import describe, header  # noqa: E402

# The last element that each page draws: once it is there, the page is complete.
LAST_ELEMENT = {
    "Data": ".st-key-another",
    "Train": ".st-key-train-view",
    "Evaluate": "[data-testid=stDataFrame]",
    "Draw": ".st-key-answer",
    "Runs": "[data-testid=stDataFrame]",
}
# Resolves with the milliseconds from the click until the wanted element of the new page is in the document.
_PAGE_CHANGE = """([title, last]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error(`${title} did not come`)), 30000);
  const began = performance.now();
  const there = () => document.querySelector('h1')?.innerText.trim() === title && document.querySelector(last);
  const look = () => { if (there()) { watcher.disconnect(); resolve(performance.now() - began); } };
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
  [...document.querySelectorAll('section[data-testid=stSidebar] a')].find(a => a.innerText.trim().endsWith(title)).click();
})"""
# Records the milliseconds from the end of a stroke until the answer changes, or the guess below "I don't think this is a digit".
_WATCH_STROKES = """() => {
  window.strokes = []; let lifted = null;
  window.addEventListener('pointerdown', () => { lifted = null; }, true);
  window.addEventListener('pointerup', () => { lifted = performance.now(); }, true);
  window.addEventListener('mouseup', () => { lifted ??= performance.now(); }, true);
  new MutationObserver(() => {
    const said = [...document.querySelectorAll('.st-key-answer .stMarkdown')];
    const text = said.map(each => each.innerText).join(' ');
    if (lifted !== null && document.querySelector('.st-key-answer h2') && text !== window.lastAnswer) {
      window.lastAnswer = text; window.strokes.push(performance.now() - lifted); lifted = null;
    }
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""
# Records when each epoch's line appeared on the screen, in seconds since 1970.
_WATCH_EPOCHS = """() => {
  window.epochs = {};
  new MutationObserver(() => {
    const found = document.body.innerText.match(/Epoch (\\d+) of /);
    if (found && !(found[1] in window.epochs)) window.epochs[found[1]] = Date.now() / 1000;
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def summary(milliseconds: list[float]) -> dict[str, float]:
    values = np.array(milliseconds)
    return {"n": len(values), "median_ms": round(float(np.median(values))), "p95_ms": round(float(np.quantile(values, 0.95)))}


def page_changes(page: Page, rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        for title, last in LAST_ELEMENT.items():
            taken.append(page.evaluate(_PAGE_CHANGE, [title, last]))
            page.wait_for_timeout(600)  # time for the charts to be drawn
    return taken


def strokes(page: Page, count: int) -> list[float]:
    page.evaluate(_PAGE_CHANGE, ["Draw", LAST_ELEMENT["Draw"]])
    page.wait_for_timeout(1500)
    page.evaluate(_WATCH_STROKES)
    draw = np.random.default_rng(0)
    box = page.locator("canvas").last.bounding_box()
    for stroke in range(count):
        points = draw.uniform(40, 290, (3, 2))
        page.mouse.move(box["x"] + points[0, 0], box["y"] + points[0, 1])
        page.mouse.down()
        for x, y in points[1:]:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
        page.mouse.up()
        page.wait_for_timeout(1200)
        if stroke % 5 == 4:
            page.get_by_role("button", name="Clear").click()
            page.wait_for_timeout(1200)
    return page.evaluate("window.strokes")


def epochs_to_screen(page: Page, address: str, data_dir: Path) -> list[float]:
    """Times from the record of an epoch's figures to their line on the page, for a run of many short epochs."""
    small = "architecture=compact&filters_1=8&filters_2=16&filters_3=16&filters_4=16&epochs=12&batch_size=16"
    page.goto(f"{address}/train?{small}")
    page.wait_for_selector(LAST_ELEMENT["Train"])
    before = {each.name for each in (data_dir / "runs").glob("*")}
    page.evaluate(_WATCH_EPOCHS)
    page.get_by_role("button", name="Start").click()
    page.get_by_text(re.compile(r"mine-\d+ has finished after")).wait_for(timeout=300_000)
    (run,) = [each for each in (data_dir / "runs").glob("*") if each.name not in before]
    seen = page.evaluate("window.epochs")
    written = {int(path.stem[-3:]): path.stat().st_mtime for path in run.glob("validation-*.npz")}
    return [1000 * (seen[str(epoch)] - at) for epoch, at in written.items() if str(epoch) in seen]


def first_page(folder: Path) -> float:
    """Seconds from the start of the server's process to the Start of the first page, with the browser already open."""
    with chromium() as browser:
        page = browser.new_page()
        began = time.perf_counter()
        with dashboard(folder) as server:
            page.goto(server.url)
            page.locator(".st-key-start-lab button").wait_for()
            return time.perf_counter() - began


class Found(dict[str, object]):
    """The figures measured so far; each is printed to stderr at once."""

    def __setitem__(self, name: str, value: object) -> None:
        super().__setitem__(name, value)
        print(name, value, file=sys.stderr, flush=True)


def measure(folder: Path) -> Found:
    found = Found()
    found["machine"] = describe()
    data_dir = folder / "data"
    quick = ["train", "--preset", "quick", "--dataset", "digits"]
    environment = {"DIGITLAB_DATA_DIR": str(data_dir)}
    with (folder / "train.log").open("w") as log:
        subprocess.run(
            [sys.executable, "-m", "core", *quick],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=True,
            stdout=log,
            stderr=log,
        )
    found["first_page_s"] = sorted(round(first_page(folder), 2) for _ in range(3))
    with dashboard(folder) as server, chromium() as browser:
        address = server.url
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.locator(".st-key-lab-board canvas").first.wait_for()
        page.wait_for_timeout(15_000)  # the server warms up in the background
        page_changes(page, 1)
        found["page_change_idle"] = summary(page_changes(page, 4))
        found["stroke_idle"] = summary(strokes(page, 15))
        found["epoch_to_screen"] = summary(epochs_to_screen(page, address, data_dir))
        page.goto(f"{address}/train?epochs=500")  # the 2018 network, long enough to outlast what follows
        page.wait_for_selector(LAST_ELEMENT["Train"])
        page.get_by_role("button", name="Start").click()
        page.get_by_text(re.compile(r"^Epoch \d+ of .* reads")).wait_for(timeout=120_000)  # one may pass between two looks
        found["page_change_training"] = summary(page_changes(page, 12))
        found["stroke_training"] = summary(strokes(page, 60))
        page.evaluate(_PAGE_CHANGE, ["Train", LAST_ELEMENT["Train"]])
        page.locator(".st-key-stop-train button").first.click()
        page.get_by_text("was stopped").wait_for(timeout=60_000)
    return found


def print_table(found: Found) -> None:
    print(header())
    print(f"{'what':24}{'n':>5}{'median':>10}{'p95':>10}")
    for name, row in found.items():
        if name != "machine":
            print(f"{name:24}{row['n']:5}{row['median_ms']:7} ms{row['p95_ms']:7} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    if options.json:
        print(json.dumps(found))
        return
    first_page_s = found.pop("first_page_s")
    print_table(found)
    print(f"first page, seconds from the server's start, three starts: {first_page_s}")


if __name__ == "__main__":
    main()
