"""Where recipes on the built-in digits fail: the measurements behind core/recipe/rules_of_thumb.py.

    python bench/rules_of_thumb.py memory rates widths activations steps

`memory` trains the 2018 recipe with several momenta of batch normalisation for several numbers of steps; `rates` a small network
with each optimiser and several learning rates; `widths` the compact network with several widths for several numbers of steps;
`activations` the small network with each activation, with and without batch normalisation, as it is and four convolutions deeper;
`steps`, which needs MNIST, the quick preset on a few of its images for several numbers of epochs. Each figure is the
validation accuracy after the last epoch, of seed 13.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from bench.training import trained  # noqa: E402
from core.errors import Diverged  # noqa: E402
from core.recipe import ACTIVATIONS, OPTIMIZERS, Recipe, architectures, rules_of_thumb  # noqa: E402
from core.recipe.presets import preset  # noqa: E402
from core.recipe.schedules import steps_per_epoch  # noqa: E402

_NUM_IMAGES = 1437  # of the built-in digits, for training
_SMALL = Recipe(
    architecture="compact", filters_1=16, filters_2=16, filters_3=32, filters_4=32, batch_norm_momentum=0.9, dropout_conv=0.0,
    dropout_dense=0.0, batch_size=32, epochs=5,
)  # fmt: skip


def memory() -> None:
    print("\nmomentum, steps of batch 32, memories: accuracy (training accuracy)")
    for momentum in (0.9, 0.97, 0.99):
        for epochs in (1, 2, 4, 8, 12):
            recipe = Recipe(batch_norm_momentum=momentum, batch_size=32, epochs=epochs)
            num_steps = _num_steps(recipe)
            memories = num_steps / rules_of_thumb.memory_steps(recipe)
            print(f"{momentum}  {num_steps:4d}  {memories:5.1f}: {score(recipe)}", flush=True)


def rates(optimizers: list[str]) -> None:
    print("\noptimiser, schedule, rate, way: accuracy (training accuracy), of 225 steps")
    for optimizer in optimizers:
        some = (0.001, 0.01, 0.1, 0.3, 1.0) if optimizer in ("sgd", "muon") else (3e-5, 1e-4, 3e-4, 0.003, 0.03, 0.1, 0.3)
        for rate in some:
            recipe = _SMALL.changed(optimizer=optimizer, learning_rate=rate, schedule="constant")
            print(f"{optimizer:8} {rate:<7g} {rules_of_thumb.way(recipe, _num_steps(recipe)):8.4f}: {score(recipe)}", flush=True)


def widths() -> None:
    print("\nfilters, parameters, steps of batch 32: accuracy (training accuracy)")
    for filters in (8, 32, 128, 256):
        for epochs in (1, 2):
            wide = {f"filters_{place}": filters for place in (1, 2, 3, 4)}
            recipe = _SMALL.changed(**wide, optimizer="adam", learning_rate=0.003, epochs=epochs, batch_norm_momentum=0.8)
            print(f"{filters:4d} {architectures.num_parameters(recipe):9,} {_num_steps(recipe):4d}: {score(recipe)}", flush=True)


def activations(names: list[str]) -> None:
    print("\nactivation, batch normalisation, extra convolutions, steps of batch 32: accuracy (training accuracy)")
    for activation in names:
        for batch_norm in (True, False):
            for extra in (0, 4):
                recipe = _SMALL.changed(
                    activation=activation, batch_norm=batch_norm, extra_convolutions=extra, optimizer="adam", learning_rate=0.003
                )
                words = "with" if batch_norm else "without"
                print(f"{activation:10} {words:7} {extra} {_num_steps(recipe):4d}: {score(recipe)}", flush=True)


def steps() -> None:
    print("\ntraining images, steps of batch 128: accuracy (training accuracy)")
    for num_images in (300, 1000, 3000):
        quick = preset("quick", "recipe-split").changed(training_images=num_images)
        per_epoch = steps_per_epoch(quick, num_images)
        for wanted in (20, 40, 80, 160):
            recipe = quick.changed(epochs=max(1, round(wanted / per_epoch)))
            print(f"{num_images:5,} {recipe.epochs * per_epoch:4d}: {score(recipe)}", flush=True)


def score(recipe: Recipe) -> str:
    try:
        last = trained(recipe).epochs[-1].epoch
    except Diverged:
        return "diverged"
    return f"{last.val_accuracy:.1%} ({last.accuracy:.1%})"


def _num_steps(recipe: Recipe) -> int:
    return recipe.epochs * steps_per_epoch(recipe, _NUM_IMAGES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "parts", nargs="*", default=["memory", "rates", "widths", "activations", "steps"], metavar="memory|rates|..."
    )
    parser.add_argument("--optimizers", nargs="+", choices=OPTIMIZERS, default=list(OPTIMIZERS))
    parser.add_argument("--activations", nargs="+", choices=ACTIVATIONS, default=list(ACTIVATIONS))
    options = parser.parse_args()
    parts = {
        "memory": memory,
        "rates": lambda: rates(options.optimizers),
        "widths": widths,
        "activations": lambda: activations(options.activations),
        "steps": steps,
    }
    print(header(), flush=True)
    for name in options.parts:
        parts[name]()


if __name__ == "__main__":
    main()
