"""Waiting times of Evaluate in a real browser, on a run with 8,400 validation images: the first opening of the page after the
server's start; from a click on a cell to its images, and from the epoch slider to the figures of that epoch, idle and while
another run trains.

    DIGITLAB_MNIST=mnist.npz python bench/evaluate.py
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import CELL_PLACE, ROOT, chromium, dashboard  # noqa: E402
from bench.dashboard import Found, print_table, summary  # noqa: E402
from bench.machine import describe  # noqa: E402
from core.drawing.diagnosis import article  # noqa: E402

NUM_EPOCHS, NUM_SERVERS = 3, 5
# Milliseconds from the next press or key until `done`, a function of the wanted text, holds.
_WATCH = """([done, wanted]) => {
  const holds = eval(done);
  let began = null;
  for (const kind of ['pointerdown', 'keydown']) window.addEventListener(kind, () => { began ??= performance.now(); }, true);
  window.waited = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`waited 60 s for ${wanted}`)), 60_000);
    const look = () => began !== null && holds(wanted) && (clearInterval(clock), watcher.disconnect(),
      resolve(performance.now() - began));
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, {childList: true, subtree: true, characterData: true, attributes: true});
    const clock = setInterval(look, 10);  // a picture that has finished loading changes no element
  });
}"""
_PAGE_THERE = """() => document.querySelector('[class*=st-key-digit-] canvas') && document.querySelector('.heatmaplayer image')"""
_IMAGES_THERE = """wanted => {
  const picture = [...document.querySelectorAll('.stMain img')].at(-1);
  const heading = [...document.querySelectorAll('.stMain h2, .stMain h3')].at(-1);
  return heading?.innerText.trim() === wanted && picture?.complete && picture.src !== window.pictureBefore;
}"""
_FIGURES = "[...document.querySelectorAll('[data-testid=stMetricValue]')].map(each => each.innerText).join()"
_FIGURES_THERE = f"before => {_FIGURES} !== before"


def opening(browser: Browser, address: str) -> float:
    """From the press on Evaluate in the sidebar, in a new browser that shows the Lab, until the whole page is there."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.goto(address)
    page.get_by_role("heading", name="Lab", level=1, exact=True).wait_for()
    page.wait_for_timeout(1500)
    page.evaluate(_WATCH, [_PAGE_THERE, None])
    page.locator(".stSidebar").get_by_role("link", name="Evaluate").click()
    taken = page.evaluate("window.waited")
    context.close()
    return float(taken)


def cell_presses(page: Page, count: int) -> list[float]:
    taken = []
    draw = np.random.default_rng(0)
    last = -1
    page.locator("[class*=st-key-confusion-] .js-plotly-plot").scroll_into_view_if_needed()  # its lower rows begin below the fold
    for _ in range(count):
        digit = int(draw.choice([each for each in range(10) if each != last]))
        last = digit
        x, y = page.locator("[class*=st-key-confusion-] .js-plotly-plot").evaluate(CELL_PLACE, [str(digit), str(digit)])
        page.mouse.move(x - 4, y - 4)
        page.mouse.move(x, y)
        page.wait_for_timeout(200)  # a person's pace
        page.evaluate("window.pictureBefore = [...document.querySelectorAll('.stMain img')].at(-1)?.src")
        page.evaluate(_WATCH, [_IMAGES_THERE, f"{article(digit).capitalize()}, read as {digit}"])
        page.mouse.click(x, y)
        taken.append(page.evaluate("window.waited"))
        page.wait_for_timeout(700)
    return taken


def slider_moves(page: Page, count: int) -> list[float]:
    taken = []
    slider = page.locator(".stMain").get_by_role("slider").first
    slider.focus()
    page.keyboard.press("End")  # the last epoch; from here on, one to the left and back
    page.wait_for_timeout(1500)
    for move in range(count):
        before = page.evaluate(_FIGURES)
        page.evaluate(_WATCH, [_FIGURES_THERE, before])
        page.keyboard.press("ArrowLeft" if move % 2 == 0 else "ArrowRight")
        taken.append(page.evaluate("window.waited"))
        page.wait_for_timeout(700)
    return taken


def _warmed_up(browser: Browser, address: str) -> None:
    """Opens the Lab and gives the server time to import TensorFlow in the background, as it has by the time of a first run."""
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("heading", name="Lab", level=1, exact=True).wait_for()
    page.wait_for_timeout(20_000)
    page.close()


def _open(page: Page, address: str) -> None:
    page.goto(f"{address}/evaluate?run=mine-1")
    page.wait_for_function(_PAGE_THERE)
    page.wait_for_timeout(1000)


def _start_another(browser: Browser, address: str) -> None:
    """The 2018 network on the same 33,600 images, which outlasts what follows."""
    page = browser.new_page()
    page.goto(f"{address}/train?dataset=recipe-split&epochs=500")
    page.get_by_role("button", name="Start").click()
    page.get_by_text(re.compile(r"batch \d")).first.wait_for(timeout=120_000)
    page.close()


def measure(folder: Path) -> Found:
    found = Found()
    found["machine"] = describe()
    settings = {"DIGITLAB_DATA_DIR": str(folder / "data"), "DIGITLAB_MNIST": os.environ["DIGITLAB_MNIST"]}
    train = ["train", "--preset", "quick", "--dataset", "recipe-split", "--set", f"epochs={NUM_EPOCHS}", "--json"]
    subprocess.run(
        [sys.executable, "-m", "core", *train],
        cwd=ROOT,
        env={**os.environ, **settings},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    mnist = {"DIGITLAB_MNIST": settings["DIGITLAB_MNIST"]}
    firsts = []
    with chromium() as browser:
        for _ in range(NUM_SERVERS):
            with dashboard(folder, **mnist) as server:
                _warmed_up(browser, server.url)
                firsts.append(opening(browser, server.url))
        found["first_opening"] = summary(firsts)
        with dashboard(folder, **mnist) as server:
            _warmed_up(browser, server.url)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            _open(page, server.url)
            found["cell_idle"] = summary(cell_presses(page, 20))
            found["slider_idle"] = summary(slider_moves(page, 20))
            _start_another(browser, server.url)
            _open(page, server.url)
            found["cell_training"] = summary(cell_presses(page, 30))
            found["slider_training"] = summary(slider_moves(page, 30))
            page.locator(".st-key-stop-sidebar button").first.click()
            page.get_by_text("stopping").first.wait_for(timeout=60_000)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if "DIGITLAB_MNIST" not in os.environ:
        parser.error("DIGITLAB_MNIST has to name MNIST: its file or folder")
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    if options.json:
        print(json.dumps(found))
        return
    print_table(found)


if __name__ == "__main__":
    main()
