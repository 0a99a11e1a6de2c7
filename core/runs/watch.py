"""What goes wrong with a run while it trains, or went wrong once it has ended, with the likely cause and a recipe that cures it.
Pure: a run snapshot in, a remark out. No TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.constants import NUM_CLASSES
from core.recipe import FIELDS, OPTIMIZERS, Recipe, rules_of_thumb
from core.runs.epoch import Epoch
from core.runs.snapshot import RunSnapshot

# Guessing reads a tenth. A run that reads less than twice that of its own training images after a hundred steps learns nothing;
# every preset is above .3 by then.
_LEARNS_NOTHING, _FAIR_STEPS = 2 / NUM_CLASSES, 100
# Training accuracy is measured with dropout and on augmented images: where all is well it lies below validation.
_PARTED = 0.3
_NUM_RISING, _RISEN = 3, 1.1  # so many epochs in a row with a validation loss so much above its lowest: it overfits
_OVERFITS = 0.03  # by so much training is above validation then
_TOO_FEW, _STILL_RISING = 0.9, 0.02  # ended below, and the last epoch still brought so much
_STRONG_DROPOUT = 0.7
_AUGMENTED = {"rotation_deg": 10.0, "shift": 0.08, "zoom": 0.1}
_MORE_DROPOUT = {"dropout_conv": 0.25, "dropout_dense": 0.5}


@dataclass(frozen=True)
class Remark:
    """What is wrong with a run. `sentence` says what and why, `cure` in a few words what `recipe` changes.

    `kind`: nothing, parted, overfits or unfinished. The cure starts again, or branches off after `branch_epoch`.
    """

    kind: str
    sentence: str
    cure: str
    recipe: Recipe
    branch_epoch: int | None = None


def watch(run: RunSnapshot) -> Remark | None:
    """The gravest thing that is wrong with a run; None where nothing is, before the first epoch, and after a failure, which says
    itself what to do.
    """
    if not run.epochs or run.state == "failed":
        return None
    return _nothing(run) or _parted(run) or _overfits(run) or _unfinished(run)


def _nothing(run: RunSnapshot) -> Remark | None:
    last = run.epochs[-1]
    if last.accuracy >= _LEARNS_NOTHING or last.val_accuracy >= _LEARNS_NOTHING or run.step < _FAIR_STEPS:
        return None
    cause, cure, recipe = _why_nothing(run)
    sentence = f"After {_epochs(run)} it reads {last.accuracy:.0%} of its own training images, as guessing would. {cause}"
    return Remark("nothing", sentence, cure, recipe)


def _why_nothing(run: RunSnapshot) -> tuple[str, str, Recipe]:
    """Likely cause, cure in words, and the recipe of the cure."""
    recipe, rates = run.recipe, rules_of_thumb.RATES[run.recipe.optimizer]
    name, rate = OPTIMIZERS[recipe.optimizer].split(" ")[0], recipe.learning_rate * run.rate_factor
    if rate > rates.highest:
        return f"{rate:g} is more than {name} can take.", *_with_rate(recipe, rates.good)
    if rules_of_thumb.way(recipe, run.step) * run.rate_factor < rates.least_way:
        return f"At a learning rate of {rate:g} {name} hardly moves the weights.", *_with_rate(recipe, rates.good)
    if max(recipe.dropout_conv, recipe.dropout_dense) >= _STRONG_DROPOUT:
        weaker = {name: min(getattr(recipe, name), most) for name, most in _MORE_DROPOUT.items()}
        return "So much dropout leaves too little to learn from.", "Start again with less dropout", recipe.changed(**weaker)
    if not recipe.batch_norm:
        return "Without batch normalisation it is hard to begin.", "Start again with it", recipe.changed(batch_norm=True)
    calmer = float(f"{max(rate / 10, FIELDS['learning_rate'].low):.2g}")
    return "The learning rate may be too large for this network.", *_with_rate(recipe, calmer)


def _with_rate(recipe: Recipe, rate: float) -> tuple[str, Recipe]:
    return f"Start again at {rate:g}", recipe.changed(learning_rate=rate)


def _parted(run: RunSnapshot) -> Remark | None:
    """Validation far below training. In the first steps of a long run that is as it should be: the running averages lag."""
    last, num_steps = run.epochs[-1], max(run.num_steps, run.step)
    too_long = rules_of_thumb.remembers_too_long(run.recipe, num_steps)
    lags = rules_of_thumb.remembers_too_long(run.recipe, run.step)
    if last.accuracy - last.val_accuracy < _PARTED or (lags and not too_long):
        return None
    said = f"Training {last.accuracy:.0%}, validation {last.val_accuracy:.0%}"
    if too_long:
        momentum = rules_of_thumb.fitting_momentum(num_steps)
        if momentum < run.recipe.batch_norm_momentum:
            memory = rules_of_thumb.memory_steps(run.recipe)
            sentence = f"{said}: batch normalisation averages over {memory:,.0f} steps, too many for a run of {num_steps:,}."
            cured = run.recipe.changed(batch_norm_momentum=momentum)
            return Remark("parted", sentence, f"Start again with momentum {momentum:g}", cured)
    return _of_overfitting(run, last, f"{said}: it learns its images by heart.")


def _overfits(run: RunSnapshot) -> Remark | None:
    """The validation loss rises for epochs on end, while training goes on to gain."""
    *before, last = run.epochs
    lowest = min(run.epochs, key=lambda each: each.val_loss)
    recent = run.epochs[-_NUM_RISING:]
    if lowest in recent or any(each.val_loss < _RISEN * lowest.val_loss for each in recent):
        return None
    if last.accuracy - last.val_accuracy < _OVERFITS or not any(each.loss > last.loss for each in before):
        return None
    said = (
        f"Since epoch {lowest.epoch} the validation loss has risen from {lowest.val_loss:.3g} to {last.val_loss:.3g}, while the "
        "training loss falls: it overfits."
    )
    return _of_overfitting(run, lowest, said)


def _of_overfitting(run: RunSnapshot, since: Epoch, said: str) -> Remark:
    """More augmentation, else more dropout, else synthetic digits; from the epoch before it began to overfit."""
    recipe = run.recipe
    left = max(recipe.epochs - since.epoch, (recipe.epochs + 1) // 2)
    values = {name: max(getattr(recipe, name), least) for name, least in _AUGMENTED.items()}
    cure, changes = "more augmentation", values
    if recipe.changed(**values) == recipe:
        values = {name: max(getattr(recipe, name), least) for name, least in _MORE_DROPOUT.items()}
        cure, changes = "more dropout", values
    if recipe.changed(**changes) == recipe:
        cure, changes = "more synthetic digits", {"styles": min(recipe.styles + 1, FIELDS["styles"].high)}
    words = f"Branch off epoch {since.epoch} with {cure}"
    return Remark("overfits", said, words, recipe.changed(**changes, epochs=left), branch_epoch=since.epoch)


def _unfinished(run: RunSnapshot) -> Remark | None:
    """It ended while every epoch still brought much."""
    *before, last = run.epochs
    ended_whole = run.state == "finished" and len(run.epochs) == run.recipe.epochs
    if not ended_whole or not before or last.val_accuracy >= _TOO_FEW:
        return None
    gained = last.val_accuracy - before[-1].val_accuracy
    epochs = min(2 * run.recipe.epochs, int(FIELDS["epochs"].high))
    if gained < _STILL_RISING or epochs == run.recipe.epochs:
        return None
    sentence = f"It ended at {last.val_accuracy:.0%} while it still gained {100 * gained:.0f} points an epoch."
    return Remark("unfinished", sentence, f"Start again with {epochs} epochs", run.recipe.changed(epochs=epochs))


def _epochs(run: RunSnapshot) -> str:
    return "one epoch" if len(run.epochs) == 1 else f"{len(run.epochs)} epochs"
