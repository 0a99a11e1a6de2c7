"""Runs that differ only in their seed: the spread by luck alone, which a change of the recipe has to beat. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.metrics import Interval, mean_interval
from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot


def same_but_seed(one: Recipe, other: Recipe) -> bool:
    """Whether the recipes differ in nothing but the seed."""
    return one.changed(seed=other.seed) == other


def next_seed(recipe: Recipe, others: Iterable[Recipe]) -> int:
    """The first seed after the recipe's own with which none of `others` has trained the same recipe."""
    used = {other.seed for other in others if same_but_seed(recipe, other)}
    seed = recipe.seed + 1
    while seed in used:
        seed += 1
    return seed if seed < 2**31 else min(set(range(len(used) + 1)) - used)


@dataclass(frozen=True, eq=False)
class SeedGroup:
    """Finished runs that differ only in their seed, one per seed. `accuracies` (n,) are those of their last epochs.

    `curve` (epochs, 2) is mean and standard deviation of validation accuracy after each epoch.
    """

    names: list[str]
    accuracies: np.ndarray
    mean: Interval
    deviation: float
    curve: np.ndarray


def seed_group(runs: Sequence[RunSnapshot]) -> SeedGroup | None:
    """The group of `runs`, newest first, which all share a recipe but for the seed; None with fewer than two seeds.

    The last epoch counts, not the best: the best was chosen on these same images. A seed that was trained twice is the same run
    twice, and counts once. `mean` has Student's interval for the mean of such runs, on these images.
    """
    by_seed = {run.recipe.seed: run for run in reversed(runs) if run.state == "finished" and run.epochs}
    members = list(by_seed.values())
    if len(members) < 2:
        return None
    scores = np.array([[epoch.val_accuracy for epoch in run.epochs] for run in members])
    mean = mean_interval(scores[:, -1])
    return SeedGroup(
        names=[run.name for run in members],
        accuracies=scores[:, -1],
        mean=Interval(mean.share, max(mean.low, 0.0), min(mean.high, 1.0)),
        deviation=float(scores[:, -1].std(ddof=1)),
        curve=np.stack([scores.mean(axis=0), scores.std(axis=0, ddof=1)], axis=1),
    )
