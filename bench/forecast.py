"""What the forecast says of a run after others of another length, beside what the run then takes. In contrast what it would say
if the whole of each earlier run were compared with its measured time, starting up among it.

    python bench/forecast.py

The quick preset for the built-in digits, seed 13 and up: three short runs and then a long one, and a short one after that.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from core.recipe.presets import preset  # noqa: E402
from core.store import Store  # noqa: E402
from core.training import forecast, speed  # noqa: E402
from core.training.studio import Studio  # noqa: E402

_EPOCHS = (1, 2, 3, 20, 2)


def main() -> None:
    quick = preset("quick", "digits")
    print(header())
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        speeds = speed.measure(store, [quick.architecture])
        for (_, arithmetic), each in speeds.items():
            print(f"measured in {arithmetic}: {each.flop_per_s:.2g} operations/s, {1000 * each.step_s:.1f} ms a step, "
                  f"{each.startup_s:.1f} s to start up")  # fmt: skip
        studio = Studio(store)
        for number, epochs in enumerate(_EPOCHS):
            recipe = quick.changed(epochs=epochs, seed=13 + number)
            past = store.runs.all()
            measured = forecast.seconds(recipe, store, []) or 0.0
            ratios = [row.active_s / (forecast.seconds(row.recipe, store, []) or 1.0) for row in past]
            whole = measured * (statistics.median(ratios) if ratios else 1.0)
            run = studio.submit(recipe)
            while run.active:
                run = studio.wait(run)
            took = run.active_s
            said, other = run.expected_s / took, whole / took
            print(f"{epochs:2d} epochs took {took:5.1f} s: said {run.expected_s:5.1f} s, {said:.2f} of it; by whole runs "
                  f"{whole:5.1f} s, {other:.2f} of it", flush=True)  # fmt: skip
        studio.close()
        store.close()


if __name__ == "__main__":
    main()
