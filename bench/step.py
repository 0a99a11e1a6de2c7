"""Milliseconds per training step of the 2018 recipe, stock Keras against ours, turn by turn in one sitting.

Stock is written as a user would: Keras' layers, its legacy generator, float32, `fit`. Both sides augment. A round times
`--steps` steps of each after a warm-up; the ratio is taken round by round, so that a machine whose speed drifts does little harm.

    python bench/step.py --rounds 7 --steps 20
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).parent.parent))
import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # noqa: E402

from bench.machine import describe, header  # noqa: E402
from core import architectures, datasets, network, precision  # noqa: E402
from core.presets import preset  # noqa: E402
from core.training.batches import as_input, training_batches  # noqa: E402

BATCH = 128


def stock_model() -> keras.Model:
    def pair(first: int, second: int) -> list[layers.Layer]:
        return [
            layers.Conv2D(first, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(second, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Dropout(0.35),
        ]

    head = [layers.Flatten(), layers.Dense(256, activation="relu"), layers.Dropout(0.5), layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input((28, 28, 1)), *pair(32, 64), *pair(64, 64), *head])
    model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.RMSprop(1e-3), metrics=["accuracy"])
    return model


class StepClock(keras.callbacks.Callback):
    """Notes when each step ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ends_s: list[float] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.ends_s.append(time.perf_counter())


class Side:
    """A model and batches for it, more than are used; `time` runs some steps and gives their median in milliseconds."""

    def __init__(self, model: keras.Model, batches: object) -> None:
        self.model, self.batches = model, batches

    def time(self, num_steps: int) -> float:
        clock = StepClock()
        self.model.fit(self.batches, steps_per_epoch=num_steps, epochs=1, verbose=0, callbacks=[clock], shuffle=False)
        return float(np.median(np.diff(clock.ends_s)) * 1e3)


def stock_side(cut: datasets.Split) -> Side:
    augment = ImageDataGenerator(
        rotation_range=10, zoom_range=0.1, width_shift_range=0.1, height_shift_range=0.1, shear_range=0.1
    )
    labels = keras.utils.to_categorical(cut.y_train, 10)
    return Side(stock_model(), augment.flow(as_input(cut.x_train), labels, batch_size=BATCH, seed=13))


def our_side(cut: datasets.Split, arithmetic: str) -> Side:
    recipe = preset("recipe", "recipe-split").changed(precision=arithmetic, epochs=500)
    model = network.build(recipe)
    model.compile(loss="categorical_crossentropy", optimizer=network.optimizer(recipe), metrics=["accuracy"], jit_compile=False)
    return Side(model, training_batches(recipe, cut))


def matrix_peak(dtype: tf.DType) -> float:
    """GFLOP/s of a 2048 x 2048 matrix product, best of five."""
    a, b = (tf.cast(tf.random.normal((2048, 2048)), dtype) for _ in range(2))
    product = tf.function(tf.matmul)
    product(a, b).numpy()
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        product(a, b).numpy()
        taken.append(time.perf_counter() - began)
    return 2 * 2048**3 / min(taken) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    recipe = preset("recipe", "recipe-split")
    cut = datasets.split(datasets.load("recipe-split"), validation_share=0.2, seed=13)
    wanted = {"float32"} | {precision.resolve(recipe)}
    sides = {"stock": stock_side(cut), **{name: our_side(cut, name) for name in sorted(wanted)}}
    for side in sides.values():
        side.time(5)
    rounds = [{name: side.time(options.steps) for name, side in sides.items()} for _ in range(options.rounds)]
    peaks = {name: matrix_peak(tf.float32 if name == "float32" else tf.bfloat16) for name in wanted}
    # Backward costs twice the forward pass; two operations to a multiply-add.
    gflop = 3 * 2 * architectures.multiply_adds(recipe) * BATCH / 1e9
    table = []
    for name in sides:
        taken = np.array([each[name] for each in rounds])
        ratios = np.array([each["stock"] / each[name] for each in rounds])
        share = gflop / (float(np.median(taken)) / 1e3) / peaks.get(name, peaks["float32"])
        row = {"side": name, "ms": round(float(np.median(taken)), 1), "share_of_matrix_peak": round(share, 2)}
        low, middle, high = (round(float(np.quantile(ratios, part)), 2) for part in (0, 0.5, 1))
        table.append({**row, "stock_over_this": middle, "ratio_min": low, "ratio_max": high})
    if options.json:
        print(json.dumps({"machine": describe(), "rounds": options.rounds, "steps": options.steps, "table": table}))
        return
    print(header())
    print(f"auto means {precision.resolve(recipe)} here; {options.rounds} rounds of {options.steps} steps, batch {BATCH}")
    print(f"{'side':12}{'ms/step':>10}{'stock / this':>14}{'(min-max)':>16}{'of matrix peak':>16}")
    for row in table:
        spread = f"({row['ratio_min']}-{row['ratio_max']})"
        print(f"{row['side']:12}{row['ms']:10}{row['stock_over_this']:14}{spread:>16}{row['share_of_matrix_peak']:16}")


if __name__ == "__main__":
    main()
