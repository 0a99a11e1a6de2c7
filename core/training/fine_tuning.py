"""Fine-tuning: a network goes on learning, for a few seconds, from a person's drawings mixed with its own training images.

Half of the drawings and all validation images are held out to measure the effect. A result that is kept becomes a run of its own.
No TensorFlow before it begins; called on a background thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from core.drawing.labelled import MIN_DRAWINGS, Hand, halves
from core.errors import RunMissing, TrainingError
from core.evaluation.comparison import compare
from core.metrics import Interval, accuracy
from core.recipe import Recipe
from core.runs import events
from core.runs.epoch import Epoch
from core.runs.paths import weights_path
from core.runs.snapshot import RunSnapshot
from core.store import Store
from core.system import priority
from core.training import speed
from core.training.data_split import data_split

if TYPE_CHECKING:
    from core.training.studio import Studio

# A few seconds. With twice as many, no more drawings and fewer images were read right (six writers of bench/own_hand.py).
NUM_STEPS = 100
# A quarter of each batch are drawings, the rest what it learned before: rehearsal is the simplest way not to forget (A. Robins,
# "Catastrophic forgetting, rehearsal and pseudorehearsal", Connection Science 7, 1995).
_BATCH_SIZE, _NUM_DRAWINGS = 64, 16
# The peak of one short cycle. At twice the rate no more drawings are read right, and fewer images (bench/own_hand.py).
_RATE = 0.0005


@dataclass(frozen=True)
class Effect:
    """Shares of the same `num_images` read right before and after, with 95 % intervals; `p` as in `comparison`."""

    num_images: int
    before: Interval
    after: Interval
    p: float

    @property
    def num_gained(self) -> int:
        """How many more are read right; negative if fewer are."""
        return round((self.after.share - self.before.share) * self.num_images)


@dataclass(frozen=True, eq=False)
class FineTuned:
    """A fine-tuned network: the `weights` of `parent` after `epoch`, changed by `recipe`, and the effect on what was held out.

    `arithmetic`: what an `auto` of the recipe meant. `learned`: digests of the drawings that it has learned from, its parent's
    included; `hand` is the effect on other drawings. `probabilities` (n, 10) are the new answers for the validation images.
    Losses and `accuracy` are as in an epoch.
    """

    parent: RunSnapshot
    epoch: int
    recipe: Recipe
    arithmetic: str
    weights: list[np.ndarray]
    learned: frozenset[str]
    hand: Effect
    validation: Effect
    probabilities: np.ndarray
    loss: float
    accuracy: float
    val_loss: float
    seconds: float


def shortage(hand: Hand, learned: frozenset[str]) -> str:
    """Why the drawings are too few, in a sentence; empty if they are enough. `learned`: digests of drawings it knows."""
    fresh = len(hand.without(learned))
    if fresh >= MIN_DRAWINGS:
        return ""
    known = " that it has not learned from yet" if learned else ""
    have = "there is 1" if fresh == 1 else f"there are {fresh}"
    return (
        f"Fine-tuning takes {MIN_DRAWINGS} labelled drawings{known}, and {have}: half of them are held out to "
        "measure the effect. Draw more."
    )


def learn(store: Store, parent: RunSnapshot, hand: Hand, report: Callable[[float, str], None]) -> FineTuned:
    """Fine-tunes the parent's best weights. `report(share, doing)` is called throughout, and may raise to end it.

    Raises TrainingError if the drawings are too few or the parent still trains, RunMissing and DataError if weights or data are
    gone.
    """
    learned = store.learned_drawings.of(parent.run_id)
    if reason := shortage(hand, learned):
        raise TrainingError(reason)
    if parent.active or parent.best_epoch is None:
        raise TrainingError(f"{parent.name} is still training. Wait for its end or stop it, then fine-tune it.")
    report(0.0, "getting ready")
    priority.lower_workers()
    from core.network import model
    from core.training.batches import rehearsal
    from core.training.learner import Learner

    recipe = parent.recipe.changed(optimizer="adam", learning_rate=_RATE, schedule="one-cycle", epochs=1, batch_size=_BATCH_SIZE)
    split = data_split(recipe, parent.left_out)
    fresh, held_out = halves(hand.without(learned), recipe.seed)
    drawings = hand.without(held_out.digests)  # what the parent has learned from is rehearsed, too
    epoch = parent.best_epoch.epoch
    resolved = speed.resolved(recipe, speed.known(store))
    learner = Learner(resolved, model.load_weights(weights_path(store.runs.folder(parent.run_id), epoch), recipe))
    before = (learner.answers(held_out.images), learner.answers(split.x_validation))
    feed = rehearsal(recipe, split, drawings.images, drawings.digits, num_drawings=_NUM_DRAWINGS, num_steps=NUM_STEPS)
    began = time.perf_counter()
    learner.learn(feed, lambda share: report(share, "learning"))
    seconds = time.perf_counter() - began
    report(1.0, "measuring the effect")
    after = (learner.answers(held_out.images), learner.answers(split.x_validation))
    loss, share = learner.figures()
    return FineTuned(
        parent=parent,
        epoch=epoch,
        recipe=recipe,
        arithmetic=resolved.precision,
        weights=learner.model.get_weights(),
        learned=learned | frozenset(fresh.digests),
        hand=_effect(held_out.digits, before[0], after[0]),
        validation=_effect(split.y_validation, before[1], after[1]),
        probabilities=after[1],
        loss=loss,
        accuracy=share,
        val_loss=learner.loss(split.y_validation, after[1]),
        seconds=seconds,
    )


def keep(studio: Studio, tuned: FineTuned, person: str = "", hand_of: str = "") -> RunSnapshot:
    """Writes the result as a run of its own, such as "hand-9", a branch of its parent; it counts as the newest.

    Raises RunMissing if the parent was deleted.
    """
    from core.network import model

    store, parent = studio.store, tuned.parent
    began_with = (parent.run_id, tuned.epoch)
    try:
        run = store.runs.create(tuned.recipe, "hand", parent=began_with, left_out=parent.left_out, person=person, hand_of=hand_of)
    except FileNotFoundError:
        raise RunMissing(f"{parent.name}, which was fine-tuned, has been deleted meanwhile. Fine-tune another network.") from None
    model.save_weights(tuned.weights, weights_path(store.runs.folder(run.run_id), 1))
    store.learned_drawings.add(run.run_id, tuned.learned - store.learned_drawings.of(run.run_id))
    stamped = partial(events.stamped, run_id=run.run_id, step=NUM_STEPS, active_s=tuned.seconds)
    started = stamped(
        events.RunStarted,
        steps_per_epoch=NUM_STEPS,
        num_validation=len(tuned.probabilities),
        num_hand=tuned.hand.num_images,
        precision=tuned.arithmetic,
    )
    epoch = Epoch(
        epoch=1,
        loss=tuned.loss,
        accuracy=tuned.accuracy,
        val_loss=tuned.val_loss,
        val_accuracy=tuned.validation.after.share,
        hand_accuracy=tuned.hand.after.share,
        learning_rate=_RATE,
        seconds=tuned.seconds,
        images_per_s=NUM_STEPS * _BATCH_SIZE / tuned.seconds,
        partial=True,  # a quarter of its images were drawings: no run resumes from it
    )
    ended = stamped(events.EpochEnded, epoch=epoch, probabilities=tuned.probabilities)
    return studio.adopt(run, [started, ended, stamped(events.RunEnded, stopped=False)])


def _effect(digits: np.ndarray, *probabilities: np.ndarray) -> Effect:
    before, after = (each.argmax(axis=1) for each in probabilities)
    p = compare(digits, before, after).p
    return Effect(len(digits), accuracy(digits, before), accuracy(digits, after), p)
