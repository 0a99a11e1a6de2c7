"""One run, from recipe to weights, on whichever thread calls it. Knows nothing of queues, stores or pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from core import datasets
from core.drawing.labelled import Hand
from core.errors import TrainingError
from core.network import precision
from core.recipe.schedules import steps_per_epoch
from core.runs import events
from core.training.batches import Feed, training_feed
from core.training.checkpoint import Checkpoint
from core.training.control import Control
from core.training.job import Publish, Run
from core.training.learner import Learner
from core.training.run_progress import Publisher, Score


def train(run: Run, control: Control, publish: Publish) -> None:
    """Trains until the recipe's last epoch, one of its rules or a stop; publishes RunStarted, batches, epochs, RunEnded.

    A run that goes on ends with the weights that it would have had without the break: bit for bit on the same processor, while a
    GPU adds numbers up in no fixed order.

    Raises DigitLabError where the run cannot go on.
    """
    recipe = run.recipe
    dataset = datasets.load(recipe.dataset)
    split = datasets.split(dataset, validation_share=recipe.validation_share, seed=recipe.split_seed, left_out=run.left_out)
    if len(split.y_train) < recipe.batch_size:
        raise TrainingError(
            f"{dataset.title} leaves {len(split.y_train)} images for training, fewer than one batch of {recipe.batch_size}. "
            "Choose a smaller batch size or more data."
        )
    learner = Learner(recipe)
    num_steps = steps_per_epoch(recipe, len(split.y_train))

    def send(kind: type[events.RunEvent], **figures: Any) -> None:
        publish(kind(run_id=run.run_id, time=time.time(), **figures))

    checkpoint = Checkpoint(learner.model, learner.optimizer, run)
    before_s = checkpoint.restore(step=run.done * num_steps)
    score = _scorer(learner, split, run.hand)
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
        _learn(learner, training_feed(recipe, split), publisher, range(run.done, recipe.epochs))
    early = publisher.step < num_steps * recipe.epochs
    stopped = control.stopping and early
    publisher.send(events.RunEnded, stopped=stopped, message=publisher.rule if early and not stopped else "")


def _learn(learner: Learner, feed: Feed, publisher: Publisher, epochs: range) -> None:
    """The `epochs`, unless the run is over before."""
    for epoch in epochs:
        publisher.epoch_begins()
        end = (epoch + 1) * feed.num_steps
        while (first := publisher.step) < end:
            rates = publisher.rates(min(learner.at_once, end - first))
            publisher.steps_ended(learner.steps(feed, first, rates), rates)
            if publisher.over:
                break
        publisher.epoch_ended(epoch)
        if publisher.over:  # also after a stop that came while it scored
            break


def _scorer(learner: Learner, split: datasets.Split, hand: Hand | None) -> Callable[[Callable[[], None]], Score]:
    """A function that scores the validation part, and the person's own drawings where there are some.

    One forward pass gives both the figures and the predictions that pages show.
    """

    def score(check: Callable[[], None]) -> Score:
        probabilities = learner.answers(split.x_validation, check)
        return Score(
            loss=learner.loss(split.y_validation, probabilities),
            accuracy=float(np.mean(probabilities.argmax(1) == split.y_validation)),
            probabilities=probabilities,
            hand_accuracy=float(np.mean(learner.answers(hand.images, check).argmax(1) == hand.digits)) if hand else None,
        )

    return score
