"""Takes the pictures of the README and of docs/features.md, on the built-in digits, into `docs/`: one of each page, and a film of
the Lab: train, look at a mistake, draw.

python bench/screenshots.py
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import CELL_PLACE, ROOT, chromium, dashboard  # noqa: E402
from bench.newcomer import CELL_IS_OPEN, SEVEN  # noqa: E402

DOCS = ROOT / "docs"
SIZE = {"width": 1280, "height": 800}
_FILM_WIDTH_PX, _EVERY_MS, _MOST_BYTES = 960, 150, 3_000_000
_HURRY = 4  # while it trains the film goes so many times as fast
_MISTAKE = """() => {
    const cells = document.querySelector('.st-key-lab-matrix .js-plotly-plot')._fullData[0].text;
    return [...cells.keys()].flatMap(row => [...cells[row].keys()].filter(column => row !== column && cells[row][column])
        .map(column => [String(row), String(column)]))[0];
}"""


class Film:
    """Pictures of a page, each shown until the next one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frames: list[Image.Image] = []
        self.shown_ms: list[int] = []

    def take(self, shown_ms: int = _EVERY_MS) -> None:
        """Another picture; one that is as the last was only lasts longer."""
        png = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        frame = png.resize((_FILM_WIDTH_PX, _FILM_WIDTH_PX * png.height // png.width), Image.Resampling.LANCZOS)
        if self.frames and frame.tobytes() == self.frames[-1].tobytes():
            self.shown_ms[-1] += shown_ms
        else:
            self.frames.append(frame)
            self.shown_ms.append(shown_ms)

    def save(self, path: Path) -> None:
        """As an animated WebP of less than 3 MB. Raises RuntimeError where it is larger."""
        first, *rest = self.frames
        first.save(path, save_all=True, append_images=rest, duration=self.shown_ms, loop=0, quality=60, method=4)
        if path.stat().st_size > _MOST_BYTES:
            raise RuntimeError(f"{path.name} has {path.stat().st_size:,} bytes")


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, dashboard(Path(folder)) as server, chromium() as browser:
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(60_000)
        page.goto(server.url)
        page.locator(".st-key-lab-matrix .main-svg").first.wait_for()
        _settle(page)
        film = Film(page)
        film.take(1500)
        _train(page, film)
        _open_a_mistake(page, film)
        _draw(page, film)
        page.screenshot(path=DOCS / "lab.png")
        film.save(DOCS / "lab.webp")
        for name, last in {"evaluate": "[data-testid=stDataFrame]", "runs": "[data-testid=stDataFrame]"}.items():
            page.goto(f"{server.url}/{name}")
            page.locator(last).first.wait_for()
            _settle(page)
            page.screenshot(path=DOCS / f"{name}.png")
        page.goto(f"{server.url}/draw")
        _stroke(page, page.locator("canvas").last.bounding_box(), lambda: None)
        page.locator(".st-key-answer h2").wait_for()
        _settle(page)
        page.screenshot(path=DOCS / "draw.png")
        page.goto(f"{server.url}/train")
        page.locator(".st-key-train-curves .main-svg").first.wait_for()
        _settle(page)
        page.screenshot(path=DOCS / "train.png")


def _settle(page: Page) -> None:
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(2500)  # charts fade in


def _train(page: Page, film: Film) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    ended = page.locator(".lab-line", has_text="finished in")
    while not ended.count():
        film.take(_EVERY_MS)
        page.wait_for_timeout(_EVERY_MS * _HURRY)
    _settle(page)
    film.take(1500)


def _open_a_mistake(page: Page, film: Film) -> None:
    plot = page.locator(".st-key-lab-matrix .js-plotly-plot")
    row, column = page.evaluate(_MISTAKE)
    x, y = plot.evaluate(CELL_PLACE, [row, column])
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y)
    plot.locator(".hovertext").first.wait_for()
    film.take(1200)
    page.mouse.click(x, y)
    page.wait_for_function(CELL_IS_OPEN, arg=f"{row} read as {column}")
    _settle(page)
    film.take(2000)


def _draw(page: Page, film: Film) -> None:
    _stroke(page, page.locator(".st-key-lab-board canvas").last.bounding_box(), film.take)
    page.locator(".st-key-lab-answer .lab-digit", has_text="%").wait_for()
    _settle(page)
    film.take(3000)


def _stroke(page: Page, box, meanwhile) -> None:
    for number, (x, y) in enumerate(SEVEN):
        for part in range(4 if number else 1):
            before = SEVEN[number - 1] if number else (x, y)
            share = (part + 1) / 4 if number else 1
            place = [before[axis] + share * ((x, y)[axis] - before[axis]) for axis in (0, 1)]
            page.mouse.move(box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"], steps=3)
            if not number:
                page.mouse.down()
            meanwhile()
    page.mouse.up()


if __name__ == "__main__":
    main()
