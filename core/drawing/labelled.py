"""A person's own hand: their labelled drawings as arrays, what networks read in them, and the test that asks for thirty.

No TensorFlow, no database. Any thread may call; `Readings` keeps what each network said, so that a drawing is read once.
"""

from __future__ import annotations

import hashlib
import random
import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core import metrics
from core.constants import NUM_CLASSES
from core.metrics import Interval
from core.runs.snapshot import RunSnapshot

if TYPE_CHECKING:
    from core.network.predictor import Predictor

MIN_DRAWINGS = 20  # fewer say next to nothing: 19 of 20 right is anything from 76 to 99 %
QUIZ_S = 120.0
_EACH_DIGIT = 3  # times in a quiz
_NUM_NETWORKS = 32  # whose readings are kept


@dataclass(frozen=True, eq=False)
class Hand:
    """Labelled drawings, oldest first: `images` (n, 28, 28) uint8, ink 255; `digits` (n,) uint8, the true ones; `digests` name
    each image by its content.
    """

    images: np.ndarray
    digits: np.ndarray
    digests: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.digits)

    def part(self, rows: np.ndarray) -> Hand:
        """The drawings of those `rows` (k,), in their order."""
        return Hand(self.images[rows], self.digits[rows], tuple(self.digests[row] for row in rows))

    def without(self, digests: Collection[str]) -> Hand:
        """All but the drawings of those digests."""
        return self.part(np.flatnonzero([each not in digests for each in self.digests]))


def levels(image: np.ndarray) -> np.ndarray:
    """`image`, uint8 or floats in [0, 1], as uint8."""
    return image if image.dtype == np.uint8 else np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)


def digest_of(image: np.ndarray) -> str:
    """A name for an image that is the same for the same pixels."""
    return hashlib.sha256(levels(image).tobytes()).hexdigest()[:32]


def halves(hand: Hand, seed: int) -> tuple[Hand, Hand]:
    """(to learn from, held out): each digit's drawings dealt out in turn, in an order that depends on `seed` alone, so that the
    two differ by one drawing of a digit at most.
    """
    order = np.lexsort((np.random.default_rng(seed).random(len(hand)), hand.digits))
    return hand.part(order[::2]), hand.part(order[1::2])


class Readings:
    """What each network reads in each drawing."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], dict[str, int]] = OrderedDict()

    def known(self, run: RunSnapshot, epoch: int, hand: Hand) -> np.ndarray | None:
        """(n,) the digits that the weights after `epoch` read, where each drawing was read before; else None."""
        with self._lock:
            kept = self._kept.get((run.run_id, epoch), {})
            found = [kept.get(digest, -1) for digest in hand.digests]
        return None if -1 in found else np.array(found, np.int64)

    def read(self, run: RunSnapshot, epoch: int, hand: Hand) -> np.ndarray:
        """The same, reading those that are new in one batch. Raises RunMissing where the weights are gone."""
        with self._lock:
            kept = dict(self._kept.get((run.run_id, epoch), {}))
        new = hand.without(kept)
        if len(new):
            answers = self._predictor.probabilities(run, new.images / np.float32(255), epoch=epoch).argmax(axis=1)
            kept |= dict(zip(new.digests, answers.tolist(), strict=True))
        with self._lock:
            self._kept[run.run_id, epoch] = kept
            self._kept.move_to_end((run.run_id, epoch))
            while len(self._kept) > _NUM_NETWORKS:
                self._kept.popitem(last=False)
        return np.array([kept[digest] for digest in hand.digests], np.int64)


@dataclass(frozen=True)
class Quiz:
    """A test of the network by hand: the digits that are asked for, in `order`, until `ends_s` (seconds since 1970; None before
    the first stroke, with which the time begins). Each of `answers` is what the network read in the digit of that place, None
    where it was skipped.
    """

    order: tuple[int, ...]
    ends_s: float | None = None
    answers: tuple[int | None, ...] = ()

    @property
    def asked(self) -> int | None:
        """The digit to draw now; None after the last."""
        return self.order[len(self.answers)] if len(self.answers) < len(self.order) else None

    def remaining_s(self, now_s: float) -> float:
        """Seconds left, 0 once the time is up or nothing is left to draw."""
        if self.asked is None:
            return 0.0
        return QUIZ_S if self.ends_s is None else max(0.0, self.ends_s - now_s)

    def begun(self, now_s: float) -> Quiz:
        """The quiz whose time runs: from `now_s`, unless it runs already."""
        return self if self.ends_s is not None else replace(self, ends_s=now_s + QUIZ_S)

    def answered(self, read: int | None) -> Quiz:
        """The quiz one digit further on."""
        return replace(self, answers=(*self.answers, read))

    def scores(self) -> list[tuple[int, Interval]]:
        """For each digit, and for all in the last place, how many were drawn and the share that was read right."""
        drawn = [(asked, read) for asked, read in zip(self.order, self.answers, strict=False) if read is not None]
        of = [[read == asked for asked, read in drawn if asked == digit] for digit in range(NUM_CLASSES)]
        return [(len(each), metrics.wilson(sum(each), len(each))) for each in (*of, [right for part in of for right in part])]


def new_quiz(seed: int | None = None) -> Quiz:
    """Each digit three times in random order, in two minutes; `seed` makes the order repeatable."""
    order = [digit for digit in range(NUM_CLASSES) for _ in range(_EACH_DIGIT)]
    random.Random(seed).shuffle(order)
    return Quiz(tuple(order))
