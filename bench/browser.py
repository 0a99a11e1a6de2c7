"""A dashboard of its own and a real browser, for whoever measures or pictures what a person sees."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

# Where on the screen a cell of the confusion matrix lies, by its row and column.
CELL_PLACE = """(plot, [row, column]) => {
    const box = plot.getBoundingClientRect(), {xaxis, yaxis} = plot._fullLayout;
    return [box.left + xaxis._offset + xaxis.d2p(column), box.top + yaxis._offset + yaxis.d2p(row)];
}"""


@dataclass(frozen=True)
class Dashboard:
    """A server that runs: its address, where it writes its log, and its process."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def memory_mb(self) -> float:
        """What the process holds of the machine's memory, in megabytes of 2**20 bytes (Linux alone says so)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@contextmanager
def dashboard(folder: Path, **environment: str) -> Iterator[Dashboard]:
    """The dashboard as `make run` starts it, on a free port, with `folder`/data as its data folder; ended afterwards.

    Of this process's own `DIGITLAB_` settings it gets none, as on a fresh machine; `environment` may name some.
    """
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DIGITLAB_")}
    settings = {"DIGITLAB_DATA_DIR": str(folder / "data"), "TF_CPP_MIN_LOG_LEVEL": "3", **environment}
    command = [sys.executable, "-m", "streamlit", "run", "ui/server.py", "--server.port", str(port)]
    path = folder / "server.log"
    with path.open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env={**inherited, **settings}, stdout=log, stderr=subprocess.STDOUT)
    made = Dashboard(f"http://localhost:{port}", path, server)
    try:
        wait_until_up(made.url, made.process, path)
        yield made
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium at hand, else playwright's own, with a fresh profile."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path | None = None) -> None:
    """Waits until the server answers. Raises RuntimeError, with the end of its log, where it does not within two minutes."""
    deadline = time.monotonic() + 120  # for a busy machine
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=5).close()
            return
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
    raise RuntimeError(f"the server did not come up:\n{log.read_text()[-2000:] if log else ''}")
