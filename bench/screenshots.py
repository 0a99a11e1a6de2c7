"""Takes the README's screenshots of Train, Evaluate and Draw, on the built-in digits, into `docs/`.

python bench/screenshots.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import ROOT, chromium, dashboard  # noqa: E402

DOCS = ROOT / "docs"
WIDTH_PX = 1280
_SEVEN = ((80, 75), (245, 75), (205, 160), (150, 285))


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        environment = {**os.environ, "DIGITLAB_DATA_DIR": str(data_dir)}
        environment.pop("DIGITLAB_MNIST", None)
        command = [sys.executable, "-m", "core", "train", "--preset", "quick", "--json"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        with dashboard(Path(folder), DIGITLAB_MNIST="/nowhere") as server, chromium() as browser:
            address = server.url
            page = browser.new_page(viewport={"width": WIDTH_PX, "height": 900}, device_scale_factor=1)
            _evaluate(page, address)
            _draw(page, address)
            _train(page, address)


def _train(page: Page, address: str) -> None:
    page.goto(f"{address}/train")
    page.get_by_text("Quick", exact=True).click()
    page.get_by_role("button", name="Start").click()
    page.get_by_text("epoch 6/10").first.wait_for(timeout=180_000)
    _shoot(page, "train.png", 1100)


def _evaluate(page: Page, address: str) -> None:
    page.goto(f"{address}/evaluate?run=quick-1")
    page.get_by_role("heading", name="Errors").wait_for(timeout=60_000)
    _shoot(page, "evaluate.png", 1320)


def _draw(page: Page, address: str) -> None:
    page.goto(f"{address}/draw?run=quick-1")
    canvas = page.locator("canvas").last
    canvas.wait_for()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + _SEVEN[0][0], box["y"] + _SEVEN[0][1])
    page.mouse.down()
    for x, y in _SEVEN[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=12)
    page.mouse.up()
    page.locator(".st-key-answer-chart").wait_for()
    _shoot(page, "draw.png", 760)


def _shoot(page: Page, name: str, height: int) -> None:
    page.set_viewport_size({"width": WIDTH_PX, "height": height})
    page.wait_for_timeout(2500)  # charts fade in
    page.screenshot(path=DOCS / name)


if __name__ == "__main__":
    main()
