"""Answers for every image of a data set by networks that did not learn from it: five small ones, each trained on four fifths.

For the search for label faults. On whichever thread calls; knows nothing of queues, stores or pages. Imports TensorFlow only
once it works.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.constants import NUM_CLASSES
from core.datasets import Dataset, Split
from core.recipe import Recipe
from core.system import priority

NUM_FOLDS = 5
Check = Callable[[float], None]  # takes the share of the work that is done, 0 to 1; may wait, and may raise to end the work


def out_of_sample(dataset: Dataset, recipe: Recipe, check: Check) -> np.ndarray:
    """(n, 10) float32 probabilities for `dataset`, each by the network of `recipe` that never saw the image.

    `check(share)` is called before each of the learner's calls, about five times a second. Folds hold equal shares of each digit
    (scikit-learn's StratifiedKFold).
    """
    priority.lower_workers()
    from sklearn.model_selection import KFold, StratifiedKFold

    from core.training.batches import training_feed
    from core.training.learner import Learner

    counts = np.bincount(dataset.labels, minlength=NUM_CLASSES)
    even = (counts[counts > 0] >= NUM_FOLDS).all()  # a digit with fewer images than folds cannot be spread over all
    cut = (StratifiedKFold if even else KFold)(NUM_FOLDS, shuffle=True, random_state=recipe.seed)
    probabilities = np.zeros((len(dataset), NUM_CLASSES), np.float32)
    learner = Learner(recipe)
    for fold, (train, held_out) in enumerate(cut.split(dataset.images, dataset.labels)):
        part = Split(dataset.images[train], dataset.labels[train], dataset.images[held_out], dataset.labels[held_out], held_out)
        learner.start_over()
        learner.learn(training_feed(recipe, part), lambda share, fold=fold: check((fold + share) / NUM_FOLDS))  # type: ignore[misc]
        probabilities[held_out] = learner.answers(part.x_validation)
    return probabilities
