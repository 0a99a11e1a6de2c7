"""The 2018 recipe as a user of stock Keras writes it today: the opponent of every speed figure. Nothing here is tuned: Keras'
layers, its legacy generator, float32, `fit`, and TensorFlow as installed. A process of its own, because core chooses
TensorFlow's kernels: Keras is imported before it here.

    time NUM_STEPS                       # -> median milliseconds of a step
    train SEED TARGET LEAST MOST         # -> the epochs, as JSON
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from tensorflow.keras.preprocessing.image import ImageDataGenerator

from core import datasets  # noqa: E402
from core.datasets import Split  # noqa: E402
from core.training.batches import as_input  # noqa: E402

BATCH = 128


def compiled_model() -> keras.Model:
    """Network, loss and optimiser of docs/recipe-2018.md."""

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


def augmented_batches(cut: Split, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Augmented as in docs/recipe-2018.md, without end; an epoch has ceil(n / 128) of them."""
    augment = ImageDataGenerator(
        rotation_range=10, zoom_range=0.1, width_shift_range=0.1, height_shift_range=0.1, shear_range=0.1
    )
    return augment.flow(as_input(cut.x_train), keras.utils.to_categorical(cut.y_train, 10), batch_size=BATCH, seed=seed)


class TrainingClock(keras.callbacks.Callback):
    """Seconds of training steps, without validation; when each step ended, on the clock's own scale."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds, self.ends_s, self._since = 0.0, [], 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._since = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        now = time.perf_counter()
        self.seconds += now - self._since
        self._since = now
        self.ends_s.append(now)


@dataclass(frozen=True)
class Epoch:
    """Validation accuracy after an epoch; seconds by then: of training alone, and all, scoring included."""

    accuracy: float
    training_s: float
    waited_s: float


class Until(keras.callbacks.Callback):
    """Ends training after the first epoch from number `least` on by whose end `target` was reached; notes every epoch."""

    def __init__(self, clock: TrainingClock, target: float, least: int) -> None:
        super().__init__()
        self.clock, self.target, self.least, self.began = clock, target, least, time.perf_counter()
        self.seen: list[Epoch] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.seen.append(Epoch((logs or {})["val_accuracy"], self.clock.seconds, time.perf_counter() - self.began))
        self.model.stop_training = epoch + 1 >= self.least and max(each.accuracy for each in self.seen) >= self.target


def train(cut: Split, seed: int, *, target: float, least: int, most: int) -> list[Epoch]:
    """At least `least` epochs, then until `target` was reached, at most `most`."""
    keras.utils.set_random_seed(seed)
    model, clock = compiled_model(), TrainingClock()
    until = Until(clock, target, least)
    model.fit(
        augmented_batches(cut, seed),
        epochs=most,
        validation_data=(as_input(cut.x_validation), keras.utils.to_categorical(cut.y_validation, 10)),
        callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch: 1e-3 * 0.9**epoch), clock, until],
        verbose=0,
    )
    return until.seen


class Steps:
    """Some training steps after those before."""

    def __init__(self, cut: Split) -> None:
        self.model, self.batches = compiled_model(), augmented_batches(cut, seed=13)

    def time(self, num_steps: int) -> float:
        """The median milliseconds of a step."""
        clock = TrainingClock()
        self.model.fit(self.batches, steps_per_epoch=num_steps, epochs=1, verbose=0, callbacks=[clock])
        return float(np.median(np.diff(clock.ends_s)) * 1e3)


def main() -> None:
    cut = datasets.split(datasets.load("recipe-split"), validation_share=0.2, seed=13)
    steps = Steps(cut)
    for line in sys.stdin:
        order, *words = line.split()
        if order == "time":
            print(steps.time(int(words[0])), flush=True)
        else:
            seed, target, least, most = words
            epochs = train(cut, int(seed), target=float(target), least=int(least), most=int(most))
            print(json.dumps([astuple(each) for each in epochs]), flush=True)


if __name__ == "__main__":
    main()
