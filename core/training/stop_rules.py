"""The recipe's rules that end a run before its last epoch: pure functions of its scores and its time. No TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence

from core.recipe import Recipe


def reached(recipe: Recipe, seen: Sequence[tuple[float, float]]) -> str:
    """The rule that the epochs meet, as a sentence; empty if none. `seen`: validation loss and accuracy of each epoch.

    Patience is Keras' EarlyStopping on the validation loss, with min_delta 0; early stopping as such: L. Prechelt, "Early
    stopping - but when?", 1998.
    """
    if not seen:
        return ""
    accuracy, num_epochs = seen[-1][1], len(seen)
    if recipe.stop_accuracy and accuracy >= recipe.stop_accuracy:
        return (
            f"It ended by its own rule: epoch {num_epochs} reads {accuracy:.2%} of the validation images, and "
            f"{100 * recipe.stop_accuracy:g}% was the target."
        )
    losses = [loss for loss, _ in seen]
    best = losses.index(min(losses))
    waited = num_epochs - 1 - best
    if recipe.stop_patience and waited >= recipe.stop_patience:
        epochs = "one epoch" if waited == 1 else f"{waited} epochs"
        return f"It ended by its own rule: for {epochs} the validation loss has not come below that of epoch {best + 1}."
    return ""


def time_is_up(recipe: Recipe, active_s: float) -> str:
    """A sentence once the run has worked for its maximum time; else empty."""
    if not recipe.stop_minutes or active_s < 60 * recipe.stop_minutes:
        return ""
    minutes = "1 minute is" if recipe.stop_minutes == 1 else f"{recipe.stop_minutes:g} minutes are"
    return f"It ended by its own rule: its {minutes} over."
