"""Seconds and memory of reading a CSV of 70,000 rows and 785 columns, each time in a process of its own in which the starter
network has answered once.

    python bench/large_table.py --times 3
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
import numpy as np  # noqa: E402

from bench.machine import header  # noqa: E402
from core.datasets import forms, mnist  # noqa: E402
from core.network.predictor import Predictor  # noqa: E402
from core.store import Store, starter  # noqa: E402

_ROWS = 70_000


def write(path: Path) -> None:
    """MNIST's training images, 10,000 of them twice: label first, then the pixels by row, no header."""
    training = mnist.load()
    rows = np.arange(_ROWS) % len(training)
    table = np.column_stack([training.labels[rows], training.images[rows].reshape(_ROWS, -1)])
    np.savetxt(path, table, fmt="%d", delimiter=",")


def read(path: Path) -> None:
    """Reads it as the Data page does, and prints what that took."""
    run = starter.network()
    if run is None:
        raise SystemExit("the starter network is missing")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        recognise = Predictor(store).reader(run)
        recognise(np.zeros((1, 28, 28), np.uint8))
        before_mb = _peak_mb()
        began = time.perf_counter()
        with path.open("rb") as file:
            found = forms.look([(path.name, file)], "digits", recognise, lambda share: None)
        images, _ = forms.take(found, found.proposed)
        seconds = time.perf_counter() - began
        store.close()
    print(
        f"{len(images):,} images in {seconds:.1f} s, {_peak_mb() - before_mb:.0f} MB above the peak of {before_mb:.0f} MB before"
    )


def _peak_mb() -> float:
    """The most memory that this process has had, in megabytes; Linux, where it is counted in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        return read(options.read)
    print(header())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.csv"
        write(path)
        print(f"{path.stat().st_size / 2**20:.0f} MB of text", flush=True)
        for _ in range(options.times):
            subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)


if __name__ == "__main__":
    main()
