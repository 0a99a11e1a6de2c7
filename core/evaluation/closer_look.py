"""A closer look at a data set: what takes longer than a second to find. Nearly equal images, copies of MNIST's test images,
images far from all others, and labels that the starter network reads otherwise.

On whichever thread calls; knows nothing of queues and pages. No TensorFlow before a network is asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.constants import ANSWER_BATCH
from core.datasets import Dataset, checks, near_copies
from core.evaluation import label_faults, mnist_test, outliers, seen_images
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from core.store import TRAINED, Store, starter
from core.system.files import Shape

UNKNOWN = -1
_KNOWN = 0.5  # share of the labels that the network must read, or it knows nothing of such images
# Measured on two cores, in seconds: of an image for the network and for being laid, of a pair of images, and of getting ready.
_IMAGE_S, _PAIR_S, _START_S = 0.0005, 3e-9, 1.0
SHAPES: dict[str, Shape] = {  # of what `CloserLook.arrays` gives
    "near": (None, 2),
    "test": (None, 2),
    "num_exact": (),
    "knows_test": (),
    "outliers": (None,),
    "suspects": (None, 2),
    "agreement": (),
    "num_learned": (),
}
Check = Callable[[float, str], None]  # the share that is done, 0 to 1, and what is being done; may wait, and may raise


@dataclass(frozen=True, eq=False)
class CloserLook:
    """What was found, as rows of the data set, whole numbers.

    `near` (k, 2) are images and an earlier one that each is nearly equal to; `test` (k, 2) images and the rows of MNIST's test
    images that they are copies of, `num_exact` of them exact, where `knows_test` says that those were at hand; `outliers` (k,),
    the farthest first; `suspects` (k, 2) rows whose label looks wrong and the digit that is read, the most suspicious first.

    `num_learned` of the images are exact copies of what the starter network learned from, UNKNOWN where that is not at hand.
    `agreement` is the share of labels that the starter network reads, NaN without one; below half of them it is not asked for
    `outliers` and `suspects`.
    """

    near: np.ndarray
    test: np.ndarray
    num_exact: int
    knows_test: bool
    outliers: np.ndarray
    suspects: np.ndarray
    agreement: float
    num_learned: int

    @property
    def judged(self) -> bool:
        """Whether the starter network was there and knows such images."""
        return self.agreement >= _KNOWN

    def arrays(self) -> dict[str, np.ndarray]:
        """What `from_arrays` takes, to be written to a file."""
        return {name: np.asarray(getattr(self, name)) for name in SHAPES}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> CloserLook:
        """The look whose `arrays` these are."""
        given: dict[str, Any] = {name: arrays[name] if shape else arrays[name].item() for name, shape in SHAPES.items()}
        return cls(**given)


def expected_s(num_images: int) -> float:
    """About how many seconds a look at `num_images` takes on two cores if nothing else works."""
    return _START_S + _IMAGE_S * num_images + _PAIR_S * num_images**2


def look(dataset: Dataset, check: Check, *, store: Store, predictor: Predictor) -> CloserLook:
    """Everything that can be found about a data set, on one core beside TensorFlow's. Raises DataError where MNIST's file is
    damaged, RunMissing where the starter network's weights are missing.
    """
    from threadpoolctl import threadpool_limits

    # Threads of linear algebra that wait for one another on busy cores take a hundred times as long, and pages wait with them.
    with threadpool_limits(1):
        return _look(dataset, check, store, predictor)


def _look(dataset: Dataset, check: Check, store: Store, predictor: Predictor) -> CloserLook:
    near = _near(dataset, lambda share: check(0.4 * share, "comparing the images with one another"))
    test = mnist_test.copies(dataset.images, lambda share: check(0.4 + 0.15 * share, "comparing them with MNIST's test images"))
    far, suspects, agreement, num_learned = np.zeros(0, int), np.zeros((0, 2), int), math.nan, 0
    if run := starter.network():
        check(0.55, "reading them")
        marks = seen_images.marks(store, run, dataset)
        num_learned = UNKNOWN if marks is None else int(np.sum(marks == TRAINED))
        features, probabilities = _read(dataset, predictor, run, lambda share: check(0.55 + 0.3 * share, "reading them"))
        read = probabilities.argmax(axis=1)
        agreement = float(np.mean(read == dataset.labels))
        if agreement >= _KNOWN:
            far = outliers.outliers(
                features, dataset.labels, probabilities, lambda share: check(0.85 + 0.1 * share, "looking for odd ones")
            )
            check(0.95, "comparing labels")
            rows = label_faults.suspects(dataset.labels, probabilities)
            suspects = np.column_stack([rows, read[rows]])
    return CloserLook(
        near=near,
        test=np.zeros((0, 2), int) if test is None else test[0],
        num_exact=0 if test is None else test[1],
        knows_test=test is not None,
        outliers=far,
        suspects=suspects,
        agreement=agreement,
        num_learned=num_learned,
    )


def _near(dataset: Dataset, check: Callable[[float], None]) -> np.ndarray:
    """Pairs of nearly equal images; exact copies and blank images, which are found elsewhere, are left out."""
    report = checks.report(dataset)
    once = np.setdiff1d(np.arange(len(dataset)), np.concatenate([report.duplicates[:, 0], report.blank]))
    return np.asarray(once[near_copies.within(dataset.images[once], check)])


def _read(
    dataset: Dataset, predictor: Predictor, run: RunSnapshot, check: Callable[[float], None]
) -> tuple[np.ndarray, np.ndarray]:
    """(n, d) features and (n, 10) probabilities, both float32."""
    features, probabilities = [], []
    for start in range(0, len(dataset), ANSWER_BATCH):
        check(start / len(dataset))
        answers = predictor.answers(run, dataset.images[start : start + ANSWER_BATCH] / np.float32(255))
        features.append(answers.features)
        probabilities.append(answers.probabilities)
    return np.concatenate(features), np.concatenate(probabilities)
