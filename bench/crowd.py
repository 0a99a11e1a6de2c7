"""Twelve browsers press Start in the same moment on a server that allows three runs. How many get in, what are the others told?

python bench/crowd.py
python bench/crowd.py --browsers 12 --limit 3 --rounds 3
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import Dashboard, chromium, dashboard  # noqa: E402
from bench.machine import header  # noqa: E402
from core.store import Store  # noqa: E402

_AHEAD_S = 3.0  # so that each page knows the moment before it comes
_PRESS_AT = "at => setTimeout(() => document.querySelector('.st-key-start-lab button').click(), at - Date.now())"
_ANSWERED = "document.querySelector('.stAlert') || document.querySelector('.st-key-stop-lab button')"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--browsers", type=int, default=12)
    parser.add_argument("--limit", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(header())
    print("pressed  got in  were told  tracebacks")
    wrong = 0
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as name, chromium() as browser:
            folder = Path(name)
            with dashboard(folder, DIGITLAB_MAX_RUNS_IN_LINE=str(options.limit)) as server:
                pages = [_opened(browser, server) for _ in range(options.browsers)]
                at_s = time.time() + _AHEAD_S
                for page in pages:
                    page.evaluate(_PRESS_AT, 1000 * at_s)
                for page in pages:
                    page.wait_for_function(_ANSWERED, timeout=120_000)
                sentences = [page.locator(".stAlert").all_inner_texts() for page in pages]
                store = Store(folder / "data")
                num_in = len(store.runs.all())
                store.close()
                log = server.log.read_text()
            told = sum(any("allowed" in each for each in texts) for texts in sentences)
            print(f"{options.browsers:7}  {num_in:6}  {told:9}  {log.count('Traceback'):10}", flush=True)
            wrong += num_in != options.limit or told != options.browsers - options.limit or "Traceback" in log
    raise SystemExit(bool(wrong))


def _opened(browser: Browser, server: Dashboard) -> Page:
    """The Lab in a browser of its own."""
    page = browser.new_context().new_page()
    page.goto(server.url)
    page.locator(".st-key-start-lab button").wait_for(timeout=120_000)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').getAttribute('data-test-script-state') === 'notRunning'"
    )
    return page


if __name__ == "__main__":
    main()
