"""Is anything lost when the process is killed? Trains a small recipe, kills the process (signal 9) at random moments, opens the
record, resumes the run and compares its last weights, bit for bit, with those of an uninterrupted run.

    python bench/crash.py --kills 20 --seed 1
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from bench.machine import header  # noqa: E402
from core.recipe import Recipe  # noqa: E402
from core.runs.paths import weights_path  # noqa: E402
from core.runs.snapshot import RunSnapshot  # noqa: E402
from core.store import Store  # noqa: E402
from core.training.studio import Studio  # noqa: E402

# Everything an interruption could lose: moments, moving averages, dropout, synthetic digits, a schedule with a history.
RECIPE = Recipe(
    architecture="compact",
    filters_1=4,
    filters_2=8,
    filters_3=8,
    filters_4=8,
    batch_norm_momentum=0.9,
    dropout_conv=0.3,
    optimizer="nadam",
    learning_rate=0.01,
    schedule="plateau",
    plateau_patience=1,
    plateau_factor=0.5,
    styles=1.0,
    batch_size=32,
    epochs=8,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    options = parser.parse_args()
    moments = random.Random(options.seed)
    print(header())
    with tempfile.TemporaryDirectory() as folder:
        whole_s, _ = train(Path(folder), None)
        expected = digest(Path(folder), newest(Path(folder)))
    print(f"never killed: {RECIPE.epochs} epochs in {whole_s:.1f} s, weights {expected}")
    print("kill  after s  epochs said  epochs kept  state        resumed from  weights")
    lost = different = 0
    for number in range(1, options.kills + 1):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            after_s, printed = train(folder, moments.uniform(0, whole_s))
            run = newest(folder)
            kept = len(run.epochs)
            ended = go_on(folder, run)
            same = digest(folder, ended) == expected
            lost, different = lost + (kept < printed), different + (not same)
            line = f"{number:4}  {after_s:7.2f}  {printed:11}  {kept:11}  {run.state:11}  epoch {kept:6}  "
            print(line + ("the same, bit for bit" if same else "DIFFERENT"), flush=True)
    print(f"{options.kills} kills: finished epochs lost in {lost}, other weights in {different}")


def train(folder: Path, kill_after_s: float | None) -> tuple[float, int]:
    """Trains in a process of its own, killed that many seconds after its first step: the seconds it had, and how many epochs it
    had printed.
    """
    sets = [part for name, (value, _) in RECIPE.differences(Recipe()).items() for part in ("--set", f"{name}={value}")]
    command = [sys.executable, "-m", "core", "train", *sets]
    environment = {**os.environ, "DIGITLAB_DATA_DIR": str(folder), "FORCE_COLOR": "1"}  # rich draws the bar on a terminal only
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None  # noqa: S101
        while (read := process.stdout.read(1)) != b"\r":
            if not read:
                raise RuntimeError(f"The training ended before its first step: {' '.join(command)}")
        began = time.perf_counter()
        try:
            written, _ = process.communicate(timeout=kill_after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            written, _ = process.communicate()
        return time.perf_counter() - began, written.count(b"val_accuracy")


def newest(folder: Path) -> RunSnapshot:
    """The run as a newly started Digit Lab finds it."""
    studio = Studio(Store(folder))
    run = studio.newest()
    studio.store.close()
    if run is None:
        raise SystemExit("The record holds no run: the kill came before the run was written.")
    return run


def go_on(folder: Path, run: RunSnapshot) -> RunSnapshot:
    """The run at its end; a run that finished before the kill is returned unchanged."""
    studio = Studio(Store(folder))
    now = studio.go_on(run.run_id) if len(run.epochs) < run.recipe.epochs else run
    while now.active:
        now = studio.wait(now)
    studio.close()
    studio.store.close()
    return now


def digest(folder: Path, run: RunSnapshot) -> str:
    """A short hash of the weights after the last epoch."""
    from core.network import model

    weights = model.load_weights(weights_path(folder / "runs" / run.run_id, run.recipe.epochs))
    return hashlib.sha256(b"".join(each.tobytes() for each in weights)).hexdigest()[:12]


if __name__ == "__main__":
    main()
