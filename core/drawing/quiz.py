"""A two-minute quiz: the person draws the digits it asks for, and it counts how many the network reads right. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from core import metrics
from core.constants import NUM_CLASSES
from core.metrics import Interval

QUIZ_S = 120.0
_EACH_DIGIT = 3  # times in a quiz


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
        """The quiz with its clock started at `now_s`; unchanged if it was started before."""
        return self if self.ends_s is not None else replace(self, ends_s=now_s + QUIZ_S)

    def answered(self, read: int | None) -> Quiz:
        """The quiz with one more answer."""
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
