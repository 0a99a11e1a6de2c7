"""Learning-rate range tests, in the background: they give way to every run that trains. Any thread may start one and ask how far
it is. No TensorFlow before a test begins.

What they found is kept while the process lives, for the recipe's fields that matter to it: the same ones would give it again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from core import datasets
from core.datasets import Split
from core.recipe import Recipe
from core.store import FAULT, Store
from core.system import priority
from core.system.background_jobs import Job, Jobs, Report
from core.training import forecast, rate_suggestion, speed
from core.training.data_split import data_split
from core.training.pace import Pace
from core.training.rate_suggestion import RangeTest
from core.training.studio import Studio

_BUDGET_S = 10.0
_FEWEST, _MOST = 40, 100  # steps; with fewer the curve is too coarse to read
# The test has rates of its own, and ends by its own rule.
_NO_MATTER = (
    "learning_rate",
    "schedule",
    "decay",
    "plateau_factor",
    "plateau_patience",
    "epochs",
    "stop_patience",
    "stop_accuracy",
    "stop_minutes",
)
Check = Callable[[float], None]  # takes the share of the work that is done, 0 to 1; may wait, and may raise to end the work
Measure = Callable[[Recipe, Split, np.ndarray, Check], np.ndarray]


class RangeTests:
    """One test at a time. `measure` is `losses`, or a stand-in with its signature."""

    def __init__(self, studio: Studio, measure: Measure | None = None) -> None:
        self._studio = studio
        self._measure = measure or losses
        self.jobs: Jobs[RangeTest] = Jobs("digitlab-range-test", num_kept=16, patience_s=math.inf)

    def start(self, recipe: Recipe) -> None:
        """Starts a test of the recipe, after those that were asked for before; no effect where one is under way. Raises DataError
        if the data set is not at hand.
        """
        datasets.load(recipe.dataset)
        self.jobs.start(key(recipe), partial(self._test, recipe), again=True)

    def cancel(self, recipe: Recipe) -> None:
        """Ends the test after its current steps; nothing of it is kept."""
        self.jobs.cancel(key(recipe))

    def job(self, recipe: Recipe) -> Job[RangeTest] | None:
        """How far the test of the recipe is, or of one that differs in nothing that matters; None where none was asked for."""
        return self.jobs.look(key(recipe))

    def close(self, timeout_s: float = 10.0) -> bool:
        """Ends what is under way and waits for the thread; False if it did not end in time."""
        return self.jobs.close(timeout_s)

    def _test(self, recipe: Recipe, report: Report) -> RangeTest:
        pace = Pace(self._studio, report)
        pace.check(0.0, "getting ready")
        store = self._studio.store
        verdicts = store.verdicts.of(recipe.dataset) if recipe.leave_out_faults else {}
        left_out = [row for row, verdict in verdicts.items() if verdict == FAULT]
        split = data_split(recipe, left_out)
        rates = rate_suggestion.rising(num_steps(recipe, store))
        resolved = speed.resolved(recipe, speed.known(store))
        found = self._measure(resolved, split, rates, lambda share: pace.check(share, "raising the rate"))
        return rate_suggestion.judged(rates[: len(found)], found)


def key(recipe: Recipe) -> Recipe:
    """The recipe with every field that does not matter to a test at its 2018 value."""
    published = Recipe()
    return recipe.changed(**{name: getattr(published, name) for name in _NO_MATTER})


def num_steps(recipe: Recipe, store: Store) -> int:
    """As many steps as this machine takes in ten seconds, by its measured speed: the same number each time."""
    step_s = speed.step_s(recipe, forecast.speed_of(recipe, store))
    return int(np.clip(_BUDGET_S / step_s, _FEWEST, _MOST))


def expected_s(recipe: Recipe, store: Store) -> float:
    """About how many seconds a test takes if nothing else trains."""
    known = forecast.speed_of(recipe, store)
    return known.startup_s + num_steps(recipe, store) * speed.step_s(recipe, known)


def losses(recipe: Recipe, split: Split, rates: np.ndarray, check: Check) -> np.ndarray:
    """(m,) losses of the first steps of a fresh network, one at each of the `rates` (n,); m < n where the loss grew without
    bound.

    `check(share)` is called before each of the learner's calls, about five times a second. The arithmetic is no longer `auto`.
    """
    priority.lower_workers()
    from core.training.batches import training_feed
    from core.training.learner import Learner

    learner = Learner(recipe)
    feed = training_feed(recipe, _some(split, len(rates) * recipe.batch_size, recipe))
    seen = np.zeros(0)
    while len(seen) < len(rates) and rate_suggestion.end_of(seen) is None:
        first = len(seen)
        check(first / len(rates))
        last = min(first + learner.at_once, (first // feed.num_steps + 1) * feed.num_steps, len(rates))
        seen = np.append(seen, learner.steps(feed, first, rates[first:last].tolist())[:, 0])
    end = rate_suggestion.end_of(seen)
    return seen if end is None else seen[: end + 1]  # how many steps a call takes is chance


def _some(split: Split, num_images: int, recipe: Recipe) -> Split:
    """As many of the training images as the steps see, with the synthetic digits that are added to them: drawing those for all
    would take longer than the test.
    """
    needed = min(math.ceil(num_images / (1 + recipe.styles)), len(split.y_train))
    rows = np.random.default_rng(recipe.seed).permutation(len(split.y_train))[:needed]
    return Split(split.x_train[rows], split.y_train[rows], split.x_validation, split.y_validation, split.validation_rows)
