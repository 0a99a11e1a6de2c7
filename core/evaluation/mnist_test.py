"""MNIST's 10,000 test images: the only module that scores them; it records each time that it does. It also tells which of
somebody's images are copies of theirs, which scores nothing.

Neither training nor model selection uses them; tests/core/evaluation/test_mnist_test.py checks that no other module loads them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from core.constants import ANSWER_BATCH
from core.datasets import Dataset, mnist, near_copies
from core.drawing.labelled import digest_of
from core.errors import RunMissing
from core.evaluation import seen_images
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from core.store import Opening, Store


def open_test_set(
    store: Store, predictor: Predictor, run: RunSnapshot, report: Callable[[float], None] = lambda share: None
) -> Opening:
    """Scores the run's best epoch on the test images and records it; `report` is called with the share that is done, 0 to 1.

    Raises RunMissing for a run that still trains or never ended an epoch, DatasetMissing without MNIST.
    """
    if run.active or run.best_epoch is None:
        raise RunMissing(
            f"{run.name} has to end before it is scored on the test set: a score seen earlier could influence your choices."
        )
    test, epoch, num_right = mnist.load_test(), run.best_epoch.epoch, 0
    for start in range(0, len(test), ANSWER_BATCH):
        part = slice(start, start + ANSWER_BATCH)
        answers = predictor.probabilities(run, test.images[part] / np.float32(255), epoch=epoch)
        num_right += int(np.sum(answers.argmax(axis=1) == test.labels[part]))
        report(min(1.0, (start + ANSWER_BATCH) / len(test)))
    opening = Opening(run.run_id, epoch, time.time(), num_right, len(test))
    store.test_openings.add(opening)
    return opening


def copies(images: np.ndarray, check: Callable[[float], None]) -> tuple[np.ndarray, int] | None:
    """(k, 2) rows of `images` (n, 28, 28) uint8 that are copies of MNIST's test images, exact or nearly, and the rows of those;
    and how many are exact. None where MNIST is not at hand. Raises DataError where its file is damaged.
    """
    theirs = pictures()
    if theirs is None:
        return None
    pairs = near_copies.between(images, theirs, check)
    return pairs, sum(np.array_equal(images[row], theirs[other]) for row, other in pairs)


def pictures() -> np.ndarray | None:
    """(10000, 28, 28) uint8: the test images without their labels, to be shown beside their copies; None without MNIST."""
    return mnist.load_test().images if mnist.available() else None


def num_test_images(dataset: Dataset) -> int:
    """How many images of the data set are exact copies of MNIST's test images; 0 where MNIST is not at hand.

    Raises DataError where the file of MNIST is damaged.
    """
    if not mnist.available():
        return 0
    theirs = _digests()
    return sum(each in theirs for each in seen_images.digests(dataset))


@lru_cache(maxsize=1)
def _digests() -> frozenset[str]:
    return frozenset(map(digest_of, mnist.load_test().images))
