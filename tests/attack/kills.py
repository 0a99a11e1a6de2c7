"""A process is killed (signal 9) at random moments of what it writes: nothing finished is lost, and nothing stays half."""

from __future__ import annotations

import http.server
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from bench import crash
from core.datasets import kaggle_csv, mnist, uploads
from core.errors import DatasetMissing, DigitLabError
from core.recipe import Recipe
from core.store import Store
from core.system.paths import mnist_location
from core.training.studio import Studio
from tests.attack.parsers import Outcome
from tests.runs import trained
from tests.tables import content, table

ROOT = Path(__file__).parents[2]
_NUM_ROWS = 1500  # of the file that is imported
_NUM_RUNS = 40  # in the record that is upgraded, and in the bin
_MNIST = mnist_location()
_OPEN = "from core.store import Store; from core.system.paths import data_dir; Store(data_dir())"


def training(number: int, seed: int) -> Outcome:
    """A run is killed and resumed: it has every epoch that was said, and ends with the weights of one that was never killed."""
    moments, outcome = random.Random(seed), Outcome()
    with tempfile.TemporaryDirectory() as folder:
        whole_s, _ = crash.train(Path(folder), None)
        expected = crash.digest(Path(folder), crash.newest(Path(folder)))
    for _ in range(number):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            after_s, said = crash.train(folder, moments.uniform(0, whole_s))
            run = crash.newest(folder)
            if len(run.epochs) < said:
                outcome.failures.append(f"after {after_s:.2f} s: {said} epochs were said, {len(run.epochs)} are there")
            elif crash.digest(folder, crash.go_on(folder, run)) != expected:
                outcome.failures.append(f"after {after_s:.2f} s: resumed, it ends with other weights")
            outcome.tried += 1
    return outcome


def importing(number: int, seed: int) -> Outcome:
    """A file that is imported is there whole or not at all."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "train.csv"
        source.write_bytes(content(table(_NUM_ROWS)))

        def check(folder: Path) -> str:
            with _data_dir(folder):
                found = uploads.uploads()
                if found and len(uploads.load(found[0][0])) != _NUM_ROWS:
                    return "a part of the file is there"
                uploads.keep(*kaggle_csv.read_labelled(source, title="train.csv"), filename="train.csv")
                return ""

        code = f"from core.__main__ import main; main(['data', 'import', {str(source)!r}, '--accept'])"
        return _killed(number, seed, code, lambda folder: None, check)


def upgrading(number: int, seed: int) -> Outcome:
    """A record of version 1 is of the newest version at the next start, with all its runs."""
    statements = (ROOT / "tests" / "core" / "store" / "version_1.sql").read_text()

    def prepare(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "digitlab.db")) as connection, connection:
            connection.executescript(statements)
            columns = [each[1] for each in connection.execute("PRAGMA table_info(runs)")]
            (row,) = connection.execute("SELECT * FROM runs").fetchall()
            for copy in range(2, _NUM_RUNS + 1):
                made = dict(zip(columns, row, strict=True)) | {"run_id": f"{copy:012x}", "number": copy, "name": f"recipe-{copy}"}
                connection.execute(f"INSERT INTO runs VALUES ({','.join('?' * len(made))})", list(made.values()))

    def check(folder: Path) -> str:
        with closing(Store(folder)) as store:
            return "" if len(store.runs.all()) == _NUM_RUNS else f"{len(store.runs.all())} of {_NUM_RUNS} runs are there"

    return _killed(number, seed, _OPEN, prepare, check)


def emptying(number: int, seed: int) -> Outcome:
    """Of the runs in the bin, rows and files are both there or both gone after the next start."""

    def prepare(folder: Path) -> None:
        with closing(Store(folder)) as store:
            runs = [trained(store, 1, Recipe(epochs=1)) for _ in range(_NUM_RUNS)]
            store.processes.mark_interrupted([run.run_id for run in runs])
            store.bin.put([run.run_id for run in runs[1:]])

    def check(folder: Path) -> str:
        studio = Studio(Store(folder))
        store = studio.store
        rows = {row.run_id for row in (*store.runs.all(), *store.bin.all())}
        kept = {path.name for path in (folder / "runs").iterdir() if path.is_dir()}
        studio.close()
        store.close()
        return "" if rows == kept and len(rows) in (1, _NUM_RUNS) else f"{len(rows)} rows, {len(kept)} folders"

    code = f"{_OPEN}.bin.empty()"
    return _killed(number, seed, code, prepare, check)


def downloading(number: int, seed: int) -> Outcome:
    """MNIST is there whole or not at all. Nothing is tried where there is no copy of it to serve."""
    if not _MNIST.is_file():
        return Outcome()

    def check(folder: Path) -> str:
        with _data_dir(folder):
            try:
                return "" if len(mnist.load()) == 60_000 else "a part of it is there"
            except DatasetMissing:
                return ""

    with _served(_MNIST.read_bytes()) as url:
        code = f"from core.datasets import mnist; mnist.fetch(lambda *given: None, url={url!r})"
        return _killed(number, seed, code, lambda folder: None, check)


KILLS: dict[str, Callable[[int, int], Outcome]] = {
    each.__name__: each for each in (training, importing, upgrading, emptying, downloading)
}


def _killed(number: int, seed: int, code: str, prepare: Callable[[Path], None], check: Callable[[Path], str]) -> Outcome:
    """Runs `code` on a folder made by `prepare`, kills it, and lets `check` say what is wrong then."""
    moments, outcome = random.Random(seed), Outcome()
    with tempfile.TemporaryDirectory() as name:
        model = Path(name) / "model"
        model.mkdir()
        prepare(model)
        whole_s = _run(code, _copied(model, Path(name) / "whole"), None)
        for turn in range(number):
            folder = _copied(model, Path(name) / str(turn))
            # Most of the time goes into starting Python: the second half is where something is written.
            _run(code, folder, moments.uniform(0.3 * whole_s, 1.05 * whole_s))
            try:
                wrong = check(folder)
            except DigitLabError as error:
                wrong = str(error)
            if wrong:
                outcome.failures.append(wrong)
            outcome.tried += 1
            shutil.rmtree(folder)
    return outcome


def _copied(model: Path, folder: Path) -> Path:
    return Path(shutil.copytree(model, folder))


def _run(code: str, folder: Path, kill_after_s: float | None) -> float:
    environment = {**os.environ, "DIGITLAB_DATA_DIR": str(folder)}
    for name in ("DIGITLAB_MNIST", "DIGITLAB_DATABASE_URL"):
        environment.pop(name, None)
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(kill_after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return time.perf_counter() - began


@contextmanager
def _data_dir(folder: Path) -> Iterator[None]:
    before = {name: os.environ.pop(name, None) for name in ("DIGITLAB_DATA_DIR", "DIGITLAB_MNIST")}
    os.environ["DIGITLAB_DATA_DIR"] = str(folder)
    try:
        yield
    finally:
        del os.environ["DIGITLAB_DATA_DIR"]
        os.environ.update({name: value for name, value in before.items() if value is not None})


@contextmanager
def _served(content: bytes) -> Iterator[str]:
    """The address of a file that comes in a hundred pieces."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            for piece in np.array_split(np.frombuffer(content, np.uint8), 100):
                try:
                    self.wfile.write(piece.tobytes())
                except OSError:  # it was killed
                    return

        def log_message(self, *given: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/mnist.npz"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
