"""Does the server's memory grow with the runs it has trained? Runs are started on the Train page one after the other, the page
stays open, and the resident memory of the process is read after each.

    python bench/memory.py --runs 10
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import chromium, dashboard  # noqa: E402
from bench.machine import header  # noqa: E402
from core.recipe.presets import preset  # noqa: E402

WARM, WARM_RUNS = 2, "after the second run everything is loaded that training and the page need"


def measure(folder: Path, num_runs: int) -> list[float]:
    """Megabytes after each of `num_runs` runs of two epochs."""
    recipe = preset("quick", "digits").changed(epochs=2)
    taken = []
    with dashboard(folder) as server, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(300_000)
        page.goto(f"{server.url}/train?{urlencode(recipe.to_query())}")
        for number in range(1, num_runs + 1):
            page.get_by_role("button", name="Start", exact=True).click()
            page.get_by_text(f"mine-{number} has finished").first.wait_for()
            taken.append(server.memory_mb())
            print(f"after {number:2} runs {taken[-1]:7.0f} MB", flush=True)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    print(header())
    with tempfile.TemporaryDirectory() as folder:
        taken = measure(Path(folder), parser.parse_args().runs)
    print(f"{100 * (taken[-1] / taken[WARM - 1] - 1):+.1f} % from run {WARM} to run {len(taken)} ({WARM_RUNS})")


if __name__ == "__main__":
    main()
