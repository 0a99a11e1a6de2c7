"""How a run goes on after its end, and what may branch off from it: the rules, without any thread, file or network.

An epoch that was published never changes: pages keep what they made of it.
"""

from __future__ import annotations

from dataclasses import replace

from core.errors import RunMissing, TrainingError
from core.recipe import Recipe, architectures
from core.runs.snapshot import RunSnapshot

_GENTLER = 3


def reopened(run: RunSnapshot, more_epochs: int = 0) -> RunSnapshot:
    """The run as it stands in the queue again after its last finished epoch, with `more_epochs` added to its recipe.

    Raises TrainingError where it cannot go on, RecipeError where its epochs would be too many.
    """
    if run.active:
        raise TrainingError(f"{run.name} is still training. Wait for its end, or stop it first.")
    if run.diverged:
        raise TrainingError(f"{run.name} would diverge again at the same batch. Go back with a third of the rate instead.")
    if run.epochs and run.epochs[-1].partial:
        raise TrainingError(
            f"{run.name} was stopped within epoch {run.epochs[-1].epoch}, which is kept as it is. Branch off from it instead."
        )
    if ended_by_rule(run):
        raise TrainingError(f"{run.message} Branch off from one of its epochs, without that rule.")
    recipe, done = run.recipe.changed(epochs=run.recipe.epochs + more_epochs), len(run.epochs)
    if done >= recipe.epochs:
        raise TrainingError(f"{run.name} has finished its {done} epochs. Say how many more it should learn for.")
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
    )


def ended_by_rule(run: RunSnapshot) -> bool:
    """Whether one of the recipe's own rules ended the run before its last epoch."""
    return run.state == "finished" and bool(run.message)


def can_resume(run: RunSnapshot) -> bool:
    """Whether the run ended before its last epoch and may go on from where it was."""
    whole = not run.epochs or not run.epochs[-1].partial
    return not run.active and not run.diverged and not ended_by_rule(run) and whole and len(run.epochs) < run.recipe.epochs


def can_be_longer(run: RunSnapshot) -> bool:
    """Whether the run has learned for all its epochs, and could for more."""
    return run.state in ("finished", "stopped") and len(run.epochs) == run.recipe.epochs and not run.epochs[-1].partial


def check_branch(parent: RunSnapshot, epoch: int, recipe: Recipe) -> None:
    """Raises RunMissing where the parent has no such epoch, TrainingError where its weights do not serve the recipe.

    `epoch` 0 is the parent's very beginning.
    """
    if epoch and epoch not in (each.epoch for each in parent.epochs):
        raise RunMissing(f"{parent.name} has no epoch {epoch}. Choose one that it has finished.")
    if recipe.validation_key != parent.recipe.validation_key:
        raise TrainingError(
            f"A branch is scored on images that {parent.name} never learned from: keep its data and their split, or start anew."
        )
    if epoch and _shapes(recipe) != _shapes(parent.recipe):
        raise TrainingError(f"The weights of {parent.name} do not fit this recipe's layers: keep its network, or start anew.")


def gentler(run: RunSnapshot) -> tuple[int, Recipe]:
    """Where a run that diverged was last good, and the recipe to go on with from there: a third of the rate, for the epochs
    that are left. Raises RecipeError where the rate cannot be smaller.
    """
    best = run.best_epoch
    epoch = best.epoch if best else 0
    left = max(1, run.recipe.epochs - epoch)
    in_force = run.recipe.learning_rate * run.rate_factor
    rate = float(f"{in_force / _GENTLER:.2g}")  # two digits, as a person would write it
    return epoch, run.recipe.changed(learning_rate=rate, epochs=left)


def _shapes(recipe: Recipe) -> list[tuple[str, int]]:
    return [(layer.kind, layer.num_parameters) for layer in architectures.layers(recipe) if layer.num_parameters]
