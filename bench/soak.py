"""Does anything pile up? Some browsers use the dashboard at random for a while: they change pages, start short runs, draw.
Memory, threads, open files and temporary files of the server, minute by minute.

    python bench/soak.py --minutes 60 --browsers 5
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Error, Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import Dashboard, chromium, dashboard  # noqa: E402
from bench.machine import header  # noqa: E402

_PAGES = ("", "data", "train", "evaluate", "draw", "runs", "kaggle")
_SMALL = "architecture=compact&filters_1=4&filters_2=8&filters_3=8&filters_4=8&epochs=1"
_SETTLED_MIN = 10  # until then the caches fill


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--browsers", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    choose, num_steps, num_faults = random.Random(options.seed), 0, 0
    print(header())
    print("minute  memory MB  threads  open files  temporary files  steps  runs")
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        temporary = folder / "tmp"
        temporary.mkdir()
        with dashboard(folder, TMPDIR=str(temporary)) as server:
            pages = [browser.new_context(viewport={"width": 1280, "height": 900}).new_page() for _ in range(options.browsers)]
            for page in pages:
                page.set_default_timeout(60_000)
                page.goto(server.url)
            began = time.monotonic()
            settled: float | None = None
            for minute in range(options.minutes + 1):
                while time.monotonic() - began < 60 * minute:
                    num_steps += 1
                    try:
                        _step(choose.choice(pages), server.url, choose)
                    except Error as error:
                        print(f"  {str(error).splitlines()[0]}")
                    num_faults += sum(page.locator(".stException").count() for page in pages)
                memory_mb = server.memory_mb()
                settled = settled or (memory_mb if minute >= min(_SETTLED_MIN, options.minutes // 2) else None)
                num_runs = len(list((folder / "data" / "runs").glob("*")))
                print(f"{minute:6}  {memory_mb:9.0f}  {_counts(server, temporary)}  {num_steps:5}  {num_runs:4}", flush=True)
            grown = memory_mb / settled - 1 if settled else 0.0
        print(
            f"{grown:+.1%} of memory after minute {_SETTLED_MIN}; {num_faults} error boxes; {_traces(server)} tracebacks logged"
        )
        print(f"{len([each for each in temporary.rglob('*') if each.is_file()])} temporary files after the end")


def _step(page: Page, address: str, choose: random.Random) -> None:
    """One thing that a person does."""
    what = choose.random()
    if what < 0.55:
        page.goto(f"{address}/{choose.choice(_PAGES)}")
        page.locator(".stMain h1").wait_for()
    elif what < 0.75:
        page.goto(f"{address}/train?{_SMALL}&seed={choose.randrange(10**6)}")
        page.locator(".st-key-start-train button:visible").first.click()
    elif what < 0.95:
        page.goto(f"{address}/draw")
        canvas = page.locator(".stMain canvas").last
        canvas.wait_for()
        box = canvas.bounding_box()
        if box:
            page.mouse.move(box["x"] + choose.randrange(40, 240), box["y"] + choose.randrange(40, 240))
            page.mouse.down()
            for _ in range(3):
                page.mouse.move(box["x"] + choose.randrange(40, 240), box["y"] + choose.randrange(40, 240), steps=6)
            page.mouse.up()
    else:
        page.reload()
        page.locator(".stMain h1").wait_for()
    page.wait_for_timeout(choose.randrange(300, 1500))


def _counts(server: Dashboard, temporary: Path) -> str:
    process = Path(f"/proc/{server.process.pid}")
    threads = len(list((process / "task").iterdir()))
    opened = len(os.listdir(process / "fd"))
    return f"{threads:7}  {opened:10}  {len([each for each in temporary.rglob('*') if each.is_file()]):15}"


def _traces(server: Dashboard) -> int:
    return server.log.read_text(errors="replace").count("Traceback (most recent call last)")


if __name__ == "__main__":
    main()
