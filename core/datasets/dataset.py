"""What every source of digits gives: a `Dataset`, and the `Split` that training and evaluation share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.constants import NUM_CLASSES, SIDE_PX
from core.errors import DataError


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled digits, held in memory once and never changed.

    `images` is (n, 28, 28) uint8, paper 0 and ink up to 255; `labels` is (n,) uint8, 0 to 9. `name` is the key that a
    recipe carries; `title` is for people; `provenance` says in a sentence where the images come from. `weights` (n,) say how
    often an epoch uses each image of the training part; None: once. `groups` (n,) int32 has one number for all images by the
    same writer, or of the same origin; None where nobody knows.
    """

    name: str
    title: str
    provenance: str
    images: np.ndarray
    labels: np.ndarray
    weights: np.ndarray | None = None
    groups: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.images.shape != (len(self.labels), SIDE_PX, SIDE_PX) or self.images.dtype != np.uint8:
            raise DataError(
                f"The images of {self.title} have shape {self.images.shape} and type {self.images.dtype}; "
                f"expected {len(self.labels)} pictures of {SIDE_PX} x {SIDE_PX} whole numbers from 0 to 255."
            )
        if self.labels.dtype != np.uint8 or (self.labels.size and self.labels.max() >= NUM_CLASSES):
            raise DataError(f"The labels of {self.title} must be whole numbers from 0 to 9.")
        if self.weights is not None and (self.weights.shape != self.labels.shape or self.weights.min(initial=1) < 1):
            raise DataError(f"The weights of {self.title} must be whole numbers from 1 on, one for each image.")
        self.images.setflags(write=False)
        self.labels.setflags(write=False)

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Split:
    """A data set cut in two: `x_*` (n, 28, 28) uint8, `y_*` (n,) uint8; `validation_rows` are rows of the data set."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_validation: np.ndarray
    y_validation: np.ndarray
    validation_rows: np.ndarray


def split(
    dataset: Dataset,
    *,
    validation_share: float,
    seed: int,
    left_out: Sequence[int] = (),
    by_group: bool = False,
    training_images: int = 0,
) -> Split:
    """The images of both parts, see `rows`. The data set's weights repeat images of the training part; the validation part has
    each of its images once. Raises DataError where a part would be empty.
    """
    train, validation = rows(
        dataset,
        validation_share=validation_share,
        seed=seed,
        left_out=left_out,
        by_group=by_group,
        training_images=training_images,
    )
    if dataset.weights is not None:
        train = np.repeat(train, dataset.weights[train])
    return Split(
        x_train=dataset.images[train],
        y_train=dataset.labels[train],
        x_validation=dataset.images[validation],
        y_validation=dataset.labels[validation],
        validation_rows=validation,
    )


def rows(
    dataset: Dataset,
    *,
    validation_share: float,
    seed: int,
    left_out: Sequence[int] = (),
    by_group: bool = False,
    training_images: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows for training and for validation, each once, in the order of the cut that scikit-learn's
    `train_test_split(test_size=validation_share, random_state=seed)` makes.

    With `by_group`, and where the data set has groups, whole groups are kept for validation instead, in an order that depends on
    the seed: as many as come nearest to the share.

    Rows of the data set that are `left_out` are taken from the training part alone: the validation part stays the same. Of what
    is left, at most `training_images` are for training, as many of each digit as there are; 0: all. Raises DataError where a
    part would be empty.
    """
    try:
        if by_group and dataset.groups is not None:
            train, validation = _cut_by_group(dataset.groups, validation_share, seed)
        else:
            train, validation = _cut(len(dataset), validation_share, seed)
    except ValueError:
        raise DataError(
            f"{dataset.title} has {len(dataset)} images, too few to keep {validation_share:.0%} of them for validation. "
            "Choose a larger data set or another share."
        ) from None
    if left_out:
        train = train[~np.isin(train, np.asarray(left_out))]
    if 0 < training_images < len(train):
        train = train[_evenly(dataset.labels[train], training_images)]
    return train, validation


def num_training_images(
    num_images: int, *, validation_share: float, seed: int, left_out: Sequence[int] = (), training_images: int = 0
) -> int:
    """How many of `num_images` without weights are for training, see `rows`. Without `left_out` that is arithmetic, and takes no
    time.
    """
    if left_out:
        there = len(np.setdiff1d(_cut(num_images, validation_share, seed)[0], left_out))
    else:
        there = num_images - num_validation_images(num_images, validation_share)
    return min(there, training_images or there)


def num_validation_images(num_images: int, validation_share: float) -> int:
    """How many of `num_images` the split keeps for validation: scikit-learn rounds up."""
    return math.ceil(validation_share * num_images)


def _evenly(labels: np.ndarray, count: int) -> np.ndarray:
    """Ascending places of `count` of the labels: the first of each digit, then the second of each, and so on, so that those of a
    smaller count are among those of a larger one.
    """
    turns = np.zeros(len(labels), np.int64)  # of a label among those of its digit
    for digit in np.unique(labels):
        of_digit = labels == digit
        turns[of_digit] = np.arange(of_digit.sum())
    return np.sort(np.argsort(turns, kind="stable")[:count])


def _cut_by_group(groups: np.ndarray, validation_share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows for training and for validation, shuffled; no group is in both. Raises ValueError where there are not two groups."""
    random = np.random.default_rng(seed)
    numbers, counts = np.unique(groups, return_counts=True)
    if len(numbers) < 2:
        raise ValueError("one group cannot be cut")
    order = random.permutation(len(numbers))
    share = np.cumsum(counts[order])[:-1] / len(groups)  # the last group stays for training
    kept = numbers[order[: 1 + int(np.abs(share - validation_share).argmin())]]
    rows = random.permutation(len(groups))
    in_validation = np.isin(groups[rows], kept)
    return rows[~in_validation], rows[in_validation]


def _cut(num_images: int, validation_share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows for training and for validation. Raises ValueError where a part would be empty."""
    from sklearn.model_selection import train_test_split  # on use: its import takes a second

    train, validation = train_test_split(np.arange(num_images), test_size=validation_share, random_state=seed)
    return train, validation
