"""From opening the Lab on a fresh server to a trained network that one has drawn for, its mistakes looked at: presses and
seconds, as somebody needs them who knows what to press. The built-in digits, the settings as they are.

    python bench/newcomer.py --times 3
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import CELL_PLACE, chromium, dashboard  # noqa: E402
from bench.machine import header  # noqa: E402

SEVEN = ((0.25, 0.22), (0.73, 0.22), (0.6, 0.5), (0.45, 0.85))  # in shares of the canvas' sides
_FIRST_MISTAKE = """() => {
    const plot = document.querySelector('.st-key-lab-matrix .plot');
    if (!/quick-1/.test(plot?.getAttribute('aria-label'))) return null;
    const cells = plot._fullData?.[0].text ?? [];
    return [...cells.keys()].flatMap(row => [...cells[row].keys()].filter(column => row !== column && cells[row][column])
        .map(column => [String(row), String(column)]))[0] ?? null;
}"""


CELL_IS_OPEN = "words => document.querySelector('.st-key-lab-cell-row input')?.value.startsWith(words)"


@dataclass(frozen=True)
class Way:
    """What it took: presses and strokes together; seconds from the address to the end of training and to the right answer."""

    presses: int
    trained_s: float
    answered_s: float


def newcomer(page: Page, url: str) -> Way:
    """Opens the Lab, presses Start, opens the first cell with a mistake, draws a seven and waits until the new network reads it.

    What it reads of a part of the stroke may be another digit. A network that does not read a seven in the end lets the
    page's timeout pass.
    """
    began = time.perf_counter()
    page.goto(url)
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(".lab-line", has_text="finished in").wait_for()
    trained_s = time.perf_counter() - began
    row, column = page.wait_for_function(_FIRST_MISTAKE).json_value()
    plot = page.locator(".st-key-lab-matrix .js-plotly-plot")
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
    x, y = plot.evaluate(CELL_PLACE, [row, column])
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y)
    plot.locator(".hovertext", has_text=f"{row} read as {column}").wait_for()
    page.mouse.click(x, y)
    page.wait_for_function(CELL_IS_OPEN, arg=f"{row} read as {column}")
    draw(page, SEVEN)
    page.locator(".st-key-lab-answer", has_text=re.compile(r"7\s*\d+\.\d%[\s\S]*quick-1, epoch")).wait_for()
    return Way(3, trained_s, time.perf_counter() - began)


def draw(page: Page, points: tuple[tuple[float, float], ...], canvas: str = ".st-key-lab-board canvas") -> None:
    """One stroke on a canvas through `points`, in shares of its sides."""
    box = page.locator(canvas).last.bounding_box()
    if box is None:
        raise RuntimeError("the canvas is not on the screen")
    for number, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
        if not number:
            page.mouse.down()
    page.mouse.up()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    print(header())
    for _ in range(options.times):
        with tempfile.TemporaryDirectory() as folder, dashboard(Path(folder)) as server, chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(300_000)
            way = newcomer(page, server.url)
        print(f"{way.presses} presses, trained after {way.trained_s:.1f} s, a seven read after {way.answered_s:.1f} s")


if __name__ == "__main__":
    main()
