"""How a run may continue after its end, and what may branch off from it: rules only, without threads, files or networks.

A finished epoch never changes, because others cache what they computed from it.
"""

from __future__ import annotations

from dataclasses import replace

from core.errors import RunMissing, TrainingError
from core.recipe import Recipe, architectures
from core.runs.snapshot import RunSnapshot

_GENTLER = 3


def reopened(run: RunSnapshot, more_epochs: int = 0) -> RunSnapshot:
    """The run, queued again to continue after its last finished epoch, with `more_epochs` added to its recipe.

    Raises TrainingError where it cannot continue, RecipeError where it would have too many epochs.
    """
    if run.active:
        raise TrainingError(f"{run.name} is still training. Wait until it ends, or stop it first.")
    if run.diverged:
        raise TrainingError(
            f"{run.name} would diverge again at the same batch. Go back with a third of the learning rate instead."
        )
    if run.epochs and run.epochs[-1].partial:
        raise TrainingError(
            f"{run.name} was stopped within epoch {run.epochs[-1].epoch}, which cannot be continued. Branch off from it instead."
        )
    if ended_by_rule(run):
        raise TrainingError(f"{run.message} To continue without that rule, branch off from one of its epochs.")
    recipe, done = run.recipe.changed(epochs=run.recipe.epochs + more_epochs), len(run.epochs)
    if done >= recipe.epochs:
        raise TrainingError(f"{run.name} has finished its {done} epochs. Add epochs to continue.")
    step = done * run.steps_per_epoch
    return replace(
        run,
        recipe=recipe,
        state="queued",
        message="",
        step=step,
        curve=run.curve[run.curve[:, 0] <= step],
        images_per_s=0.0,
        added_epochs=run.added_epochs + more_epochs,
        expected_s=0.0 if more_epochs else run.expected_s,  # the forecast was of fewer epochs
    )


def ended_by_rule(run: RunSnapshot) -> bool:
    """Whether one of the recipe's stopping rules ended the run before its last epoch."""
    return run.state == "finished" and bool(run.message)


def can_resume(run: RunSnapshot) -> bool:
    """Whether the run ended before its last epoch and can continue from there."""
    whole = not run.epochs or not run.epochs[-1].partial
    return not run.active and not run.diverged and not ended_by_rule(run) and whole and len(run.epochs) < run.recipe.epochs


def can_be_longer(run: RunSnapshot) -> bool:
    """Whether the run has trained all its epochs and can train more."""
    return run.state in ("finished", "stopped") and len(run.epochs) == run.recipe.epochs and not run.epochs[-1].partial


def check_branch(parent: RunSnapshot, epoch: int, recipe: Recipe) -> None:
    """Raises RunMissing where the parent has no such epoch, TrainingError where its weights do not fit the recipe.

    `epoch` 0 is the parent's initial weights.
    """
    if epoch and epoch not in (each.epoch for each in parent.epochs):
        raise RunMissing(f"{parent.name} has no epoch {epoch}. Choose an epoch that it has finished.")
    if recipe.validation_key != parent.recipe.validation_key:  # the parent was trained on images that would score the branch
        raise TrainingError(
            f"A branch is scored on images that {parent.name} was not trained on. Keep its data and split, or start a new run."
        )
    if epoch and architectures.weight_shapes(recipe) != architectures.weight_shapes(parent.recipe):
        raise TrainingError(
            f"The weights of {parent.name} do not fit this recipe's layers. Keep its network, or start a new run."
        )


def gentler(run: RunSnapshot) -> tuple[int, Recipe]:
    """The best epoch of a run that diverged, 0 for none, and the recipe to continue with from there: a third of the learning
    rate, for the remaining epochs. Raises RecipeError where the rate cannot be smaller.
    """
    best = run.best_epoch
    epoch = best.epoch if best else 0
    left = max(1, run.recipe.epochs - epoch)
    in_force = run.recipe.learning_rate * run.rate_factor
    rate = float(f"{in_force / _GENTLER:.2g}")  # two significant digits, as a person would write it
    return epoch, run.recipe.changed(learning_rate=rate, epochs=left)
