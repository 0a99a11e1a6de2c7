from dataclasses import replace

import numpy as np
import pytest

from core.drawing.labelled import Hand, halves
from core.drawing.quiz import QUIZ_S, new_quiz
from core.evaluation.readings import Readings
from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot

RUN = RunSnapshot("r", "quick-1", Recipe())


def hand(digits):
    images = np.zeros((len(digits), 28, 28), np.uint8)
    images[:, 5, 5] = np.arange(len(digits)) + 1
    return Hand(images, np.array(digits, np.uint8), tuple(map(str, range(len(digits)))))


def test_the_halves_share_nothing_and_differ_by_one_of_a_digit_at_most():
    whole = hand([0] * 7 + [1] * 8 + [2] + [3] * 5)
    one, other = halves(whole, seed=1)
    assert not set(one.digests) & set(other.digests) and len(one) + len(other) == len(whole)
    assert max(abs(np.bincount(one.digits, minlength=10) - np.bincount(other.digits, minlength=10))) <= 1
    assert halves(whole, seed=1)[0].digests == one.digests != halves(whole, seed=2)[0].digests
    assert all(one.images[place, 5, 5] == int(digest) + 1 for place, digest in enumerate(one.digests))


class Counting:
    """A network that reads the place of each image, and counts what it was asked."""

    def __init__(self):
        self.asked = []

    def probabilities(self, run, images, *, epoch):
        self.asked.append(len(images))
        return np.eye(10, dtype=np.float32)[np.rint(images[:, 5, 5] * 255).astype(int) - 1]


def test_a_network_reads_each_drawing_once():
    network, few, more = Counting(), hand([0] * 3), hand([0] * 5)
    readings = Readings(network)
    assert readings.known(RUN, 1, few) is None
    assert readings.read(RUN, 1, few).tolist() == [0, 1, 2]
    assert readings.read(RUN, 1, more).tolist() == readings.known(RUN, 1, more).tolist() == [0, 1, 2, 3, 4]
    assert readings.known(RUN, 2, few) is None
    assert network.asked == [3, 2]


def test_the_quiz_asks_for_each_digit_three_times_and_scores_what_was_drawn():
    quiz = new_quiz(seed=1)
    assert sorted(quiz.order) == sorted(list(range(10)) * 3) and list(quiz.order) != sorted(quiz.order)
    assert quiz.remaining_s(5.0) == QUIZ_S, "before the first stroke"
    quiz = quiz.begun(1000.0).begun(1020.0)
    assert (quiz.remaining_s(1030.0), quiz.remaining_s(2000.0)) == (90.0, 0.0)
    first = quiz.asked
    quiz = quiz.answered((first + 1) % 10)
    quiz = quiz.answered(None)
    while quiz.asked is not None:
        quiz = quiz.answered(quiz.asked)
    assert quiz.remaining_s(1001.0) == 0.0
    *digits, (num_drawn, share) = quiz.scores()
    assert num_drawn == 29 and share.share == pytest.approx(28 / 29)
    assert sum(count for count, _ in digits) == 29 and digits[first][1].share < 1
    assert replace(quiz, answers=()).scores()[-1][0] == 0
