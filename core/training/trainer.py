"""One run, from recipe to weights, on whichever thread calls it. Knows nothing of queues, stores or pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from core import datasets, network, precision
from core.errors import TrainingError
from core.hand import Hand
from core.recipe import Recipe
from core.schedules import steps_per_epoch
from core.shapes import AT_ONCE, NUM_CLASSES
from core.training import batches, events
from core.training.callback import Publisher, Score
from core.training.checkpoint import Checkpoint
from core.training.control import Control
from core.training.run import Publish, Run


def train(run: Run, control: Control, publish: Publish) -> None:
    """Trains until the recipe's last epoch, one of its rules or a stop; publishes RunStarted, batches, epochs, RunEnded.

    A run that goes on ends with the weights that it would have had without the break, bit for bit on the same machine.

    Raises DigitLabError where the run cannot go on.
    """
    recipe = run.recipe
    dataset = datasets.load(recipe.dataset)
    split = datasets.split(
        dataset, validation_share=recipe.validation_share, seed=recipe.split_seed, left_out=run.left_out
    )
    if len(split.y_train) < recipe.batch_size:
        raise TrainingError(
            f"{dataset.title} leaves {len(split.y_train)} images for training, fewer than one batch of {recipe.batch_size}. "
            "Choose a smaller batch size or more data."
        )
    model = network.build(recipe)
    model.compile(
        optimizer=network.optimizer(recipe),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing),
        metrics=["accuracy"],
        jit_compile=False,  # XLA on CPU made this network four times slower
    )
    num_steps = steps_per_epoch(recipe, len(split.y_train))

    def send(kind: type[events.RunEvent], **figures: Any) -> None:
        publish(kind(run_id=run.run_id, time=time.time(), **figures))

    checkpoint = Checkpoint(model, run)
    before_s = checkpoint.restore(step=run.done * num_steps)
    score = _scorer(model, recipe, split, run.hand)
    publisher = Publisher(run, control, send, score, checkpoint, steps_per_epoch=num_steps, before_s=before_s)
    publisher.send(
        events.RunStarted,
        steps_per_epoch=num_steps,
        num_validation=len(split.y_validation),
        num_hand=len(run.hand) if run.hand else 0,
        precision=precision.resolve(recipe),
    )
    publisher.check()
    if not publisher.over:
        model.fit(
            batches.training_batches(recipe, split, done=run.done),
            initial_epoch=run.done,
            epochs=recipe.epochs,
            steps_per_epoch=num_steps,
            callbacks=[publisher],
            shuffle=False,  # the batches come in the order that (seed, epoch) gives
            verbose=0,
        )
    early = publisher.step < num_steps * recipe.epochs
    stopped = control.stopping and early
    publisher.send(events.RunEnded, stopped=stopped, message=publisher.rule if early and not stopped else "")


def _scorer(
    model: keras.Model, recipe: Recipe, split: datasets.Split, hand: Hand | None
) -> Callable[[Callable[[], None]], Score]:
    """A function that scores the validation part, and the person's own drawings where there are some.

    One forward pass gives both the figures and the predictions that pages show; `fit`'s own validation would need a second.
    """
    images = split.x_validation
    truth = np.eye(NUM_CLASSES, dtype=np.float32)[split.y_validation]
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)
    answer = network.answering(model)

    def answers(images: np.ndarray, check: Callable[[], None]) -> np.ndarray:
        parts = []
        for start in range(0, len(images), AT_ONCE):
            check()
            parts.append(answer(batches.as_input(images[start : start + AT_ONCE])).numpy())
        return np.concatenate(parts)

    def score(check: Callable[[], None]) -> Score:
        probabilities = answers(images, check)
        return Score(
            loss=float(loss(truth, probabilities)),
            accuracy=float(np.mean(probabilities.argmax(1) == split.y_validation)),
            probabilities=probabilities,
            hand_accuracy=float(np.mean(answers(hand.images, check).argmax(1) == hand.digits)) if hand else None,
        )

    return score
