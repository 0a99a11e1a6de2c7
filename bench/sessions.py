"""A class on one server: many browser sessions, each switching between Train and Draw while one run trains.

    python bench/sessions.py                  # 30 sessions, a table
    python bench/sessions.py --sessions 3     # a short try

Prints how long a change of page takes, by how much the run is slower than alone, the memory of an idle session, and every fault:
an error on a page or in the server's log, or a value that belongs to another session.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.browser import Dashboard, chromium, dashboard  # noqa: E402
from bench.dashboard import LAST_ELEMENT  # noqa: E402
from bench.machine import header  # noqa: E402
from core.recipe import Recipe  # noqa: E402
from core.store import Store  # noqa: E402

_SLOW_MS = 120_000
_FEW = 10  # sessions that open at the same moment
_PAUSE_MS = (20_000, 60_000)  # between two changes of page
_ALONE_S = 120  # how long the run takes alone: each session changes its page several times meanwhile
_RECIPE = Recipe(
    architecture="compact",
    filters_1=16,
    filters_2=48,
    filters_3=64,
    filters_4=96,
    batch_size=32,
    batch_norm_momentum=0.9,
    optimizer="adam",
)
# Switches pages inside the browser, so that thirty sessions act at once although one script started them; records the
# milliseconds while the run trains.
_VISIT = """([last, [least, most]]) => {
  window.taken = []; window.faults = []; window.going = true;
  const wait = () => new Promise(done => {
    const until = performance.now() + least + Math.random() * (most - least);
    const clock = setInterval(() => (!window.going || performance.now() > until) && (clearInterval(clock), done()), 500);
  });
  const change = title => new Promise(done => {
    const began = performance.now();
    const there = () => document.querySelector('h1')?.innerText.trim() === title && document.querySelector(last[title]);
    const end = () => { clearTimeout(late); watcher.disconnect(); done(); };
    const look = () => { if (there()) { if (window.going) window.taken.push(performance.now() - began); end(); } };
    const watcher = new MutationObserver(look);
    const late = setTimeout(() => { window.faults.push(`${title} did not come`); end(); }, 60000);
    watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
    [...document.querySelectorAll('section[data-testid=stSidebar] a')].find(a => a.innerText.trim().endsWith(title)).click();
  });
  (async () => {
    for (let turn = 0; window.going; turn++) { await wait(); if (window.going) await change(turn % 2 ? 'Train' : 'Draw'); }
    if (document.querySelector('h1').innerText.trim() !== 'Train') await change('Train');
    window.going = null;
  })();
}"""


def start(page: Page, server: Dashboard, num_epochs: int) -> None:
    """Starts a run from this page, and waits for its first score."""
    page.goto(f"{server.url}/train?{urlencode(_RECIPE.changed(epochs=num_epochs).to_query())}")
    page.wait_for_selector(LAST_ELEMENT["Train"])
    page.locator(".st-key-start-train button").click()
    page.get_by_text(re.compile(r"Epoch \d+ of ")).first.wait_for()


def ended(page: Page, folder: Path) -> list[float]:
    """Waits for the end of the newest run, which this page watches; gives the seconds of training of each of its epochs."""
    page.locator(".stMain").get_by_text(re.compile("has finished after")).wait_for(timeout=600_000)
    store = Store(folder / "data")
    run = store.runs.load(store.runs.all()[0].run_id)
    store.close()
    return [each.seconds for each in run.epochs]


class Session:
    """One browser's visit. Its recipe has a number of epochs that no other has, to be found again at the end."""

    def __init__(self, browser: Browser, number: int) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(_SLOW_MS)
        self.page, self.epochs, self.faults = self.context.new_page(), 100 + number, []
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def open(self, server: Dashboard) -> None:
        self.page.goto(f"{server.url}/train?epochs={self.epochs}", wait_until="commit")

    def there(self) -> None:
        self.page.wait_for_selector(LAST_ELEMENT["Train"])

    def end(self) -> list[float]:
        """Ends the visit on Train; gives the milliseconds of each change of page."""
        self.page.wait_for_function("window.going === null")
        self.faults += self.page.evaluate("window.faults")
        for alert in self.page.locator("[data-testid=stAlertContentError], .stException").all_inner_texts():
            self.faults.append(f"page: {alert}")
        shown = self.page.locator(".st-key-group-Learning").inner_text()
        if f"{self.epochs} epochs" not in shown or f"epochs={self.epochs}" not in self.page.url:
            self.faults.append(f"another session's value: {shown!r}, {self.page.url}")
        return self.page.evaluate("window.taken")


def measure(folder: Path, num_sessions: int) -> None:
    with dashboard(folder) as server, chromium() as browser:
        teacher = browser.new_page(viewport={"width": 1280, "height": 900})
        teacher.set_default_timeout(_SLOW_MS)
        start(teacher, server, 4)
        num_epochs = math.ceil(_ALONE_S / ended(teacher, folder)[-1])
        start(teacher, server, num_epochs)
        alone_s = sum(ended(teacher, folder))
        teacher.goto(server.url)
        before_mb = server.memory_mb()
        sessions = [Session(browser, number) for number in range(num_sessions)]
        for first in range(0, num_sessions, _FEW):
            some = sessions[first : first + _FEW]
            for session in some:
                session.open(server)
            for session in some:
                session.there()
        time.sleep(5)  # nothing happens any more
        idle_mb = server.memory_mb()
        start(teacher, server, num_epochs)
        for session in sessions:
            session.page.evaluate(_VISIT, [LAST_ELEMENT, _PAUSE_MS])
        beside_s = sum(ended(teacher, folder))
        for session in sessions:
            session.page.evaluate("window.going = false")
        taken = np.array([each for session in sessions for each in session.end()])
        faults = [f"session {session.epochs - 100}: {fault}" for session in sessions for fault in session.faults]
        faults += [f"log: {line}" for line in server.log.read_text().splitlines() if re.search(r"Traceback|\bERROR\b", line)]
    print(header())
    rows = {
        "sessions": f"{num_sessions}",
        "changes of page": f"{len(taken)}",
        "page change, median": f"{np.median(taken):.0f} ms",
        "page change, p95": f"{np.quantile(taken, 0.95):.0f} ms",
        "the run alone": f"{alone_s:.1f} s, {num_epochs} epochs",
        "the run beside them": f"{beside_s:.1f} s, {beside_s / alone_s - 1:+.0%}",
        "memory per idle session": f"{(idle_mb - before_mb) / num_sessions:.1f} MB (server {before_mb:.0f} to {idle_mb:.0f} MB)",
        "errors": f"{len(faults)}",
    }
    for what, figure in rows.items():
        print(f"{what:26}{figure}")
    for fault in faults:
        print(fault)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options.sessions)


if __name__ == "__main__":
    main()
