import math
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from sklearn.covariance import LedoitWolf

from core import charts
from core.errors import InvalidAnswers
from core.evaluation import rejection
from core.evaluation.rejection import Sample
from core.metrics import wilson
from core.network.predictor import Answers


def group(seed, *, num_digits=300, num_others=200, apart=4.0):
    """Ten clouds of features, and others between them that the logits take for digits."""
    draw = np.random.default_rng(seed)
    middles = 6 * np.eye(10, 12)
    labels = np.arange(num_digits) % 10
    features = middles[labels] + draw.normal(0, 1, (num_digits, 12))
    strange = middles[np.arange(num_others) % 10] + draw.normal(0, 1, (num_others, 12))
    strange[:, 10:] += apart  # where no digit ever is, and the logits do not look
    images = [np.zeros((count, 28, 28), np.float32) for count in (num_digits, num_others)]
    return Sample(labels, *(answered(pixels, each) for pixels, each in zip(images, (features, strange), strict=True)))


def answered(images, features):
    """Answers whose logits are the first ten features; the scores need no probabilities."""
    return Answers(images, features, features[:, :10], np.zeros((len(images), 0)), 1)


def test_the_score_that_rejects_most_is_chosen_and_its_threshold_costs_2_percent_of_the_digits():
    held_out = group(2)
    found = rejection.fit_rejection(group(1), held_out)
    assert found.name in ("distance", "boundary")
    shares = {name: each.share for name, each in found.rejected_non_digits.items()}
    assert shares[found.name] == max(shares.values()) > 0.9
    assert shares["energy"] < 0.2
    assert found.rejected_digits == wilson(6, 300)
    assert found.rejects(held_out.digits).sum() == 6
    assert (found.num_digits, found.num_non_digits) == (300, 200)


def test_the_threshold_holds_on_drawings_that_it_never_saw():
    found, unseen = rejection.fit_rejection(group(1), group(2)), group(3)
    assert found.rejects(unseen.digits).mean() < 0.05 and found.rejects(unseen.non_digits).mean() > 0.9


def test_energy_by_hand():
    """Minus the logarithm of the sum of exp(logit), at temperature 1: without the minus, with a mean for the sum, with the
    largest logit alone, or with another temperature, one of the three is another number.
    """
    logits = np.stack([np.zeros(10), np.log(np.arange(1, 11)), 1000 * np.eye(10)[3]])
    np.testing.assert_allclose(rejection._energy(answered(np.zeros((3, 28, 28)), logits)), [-math.log(10), -math.log(55), -1000])


def test_probability_by_hand():
    """Minus the logarithm of the highest probability, at the temperature that makes labels which are right three times of four
    likeliest: the logit gap t with e^t / (e^t + 9) = 3/4, for one image that is sure by a gap of 5.
    """
    gaps = 5 * np.eye(10)
    score = rejection._probability(np.array([0, 1, 2, 4]), gaps[:4])
    found = score(answered(np.zeros((2, 28, 28)), np.stack([gaps[0], np.zeros(10)])))
    np.testing.assert_allclose(found, [-math.log(0.75), math.log(10)], rtol=1e-4)


def test_distance_is_the_least_of_mahalanobis():
    sample = group(1)
    features, labels = sample.digits.features, sample.labels
    means = np.stack([features[labels == digit].mean(axis=0) for digit in range(10)])
    theirs = LedoitWolf().fit(features - means[labels]).mahalanobis(sample.non_digits.features[7] - means)  # squared
    assert rejection._distance(features, labels)(sample.non_digits)[7] == pytest.approx(theirs.min())


def test_distance_does_without_a_digit_that_is_absent():
    sample = group(1)
    kept = sample.labels != 4
    score = rejection._distance(sample.digits.features[kept], sample.labels[kept])
    assert score(sample.digits)[~kept].min() > np.quantile(score(sample.digits)[kept], 0.9)


def test_a_curve_begins_with_few_answers_and_ends_with_all_of_them():
    digits, right, others = np.array([3.0, 1.0, 2.0, 4.0]), np.array([True, True, False, False]), np.array([0.5, 2.0, 9.0])
    found = rejection.risk_coverage(digits, right, others)
    np.testing.assert_allclose(found.coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(found.error_rate, [0, 1 / 2, 1 / 3, 1 / 2])
    np.testing.assert_allclose(found.accepted_non_digits, [1 / 3, 2 / 3, 2 / 3, 2 / 3])


def test_a_network_that_reads_everything_right_has_no_risk():
    assert not rejection.fit_rejection(group(1), group(2)).curve.error_rate.max() > 0.05


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_outputs_that_are_not_finite_are_one_sentence(wrong):
    sample = group(1)
    broken = replace(sample.non_digits, logits=np.full_like(sample.non_digits.logits, wrong))
    with pytest.raises(InvalidAnswers, match="not valid numbers"):
        rejection.fit_rejection(replace(sample, non_digits=broken), group(2))


def test_extents_tell_a_dot_from_a_dash_and_bear_an_empty_picture():
    images = np.zeros((3, 28, 28), np.float32)
    images[0, 4:24, 4:24] = 1
    images[1, 13:15, 4:24] = 1
    np.testing.assert_allclose(rejection.extents(images), [[400, 20, 20, 1], [40, 2, 20, 1], [0, 0, 0, 0]])


def test_directions_turn_with_the_ink_and_add_up_to_its_edge():
    images = np.zeros((2, 28, 28), np.float32)
    images[0, 10:18], images[1, :, 10:18] = 1, 1
    lying, upright = (rejection.directions(images) ** 2).reshape(2, 8, 16).sum(axis=2)
    assert lying.argmax() == 4 and upright.argmax() == 0
    down, across = np.gradient(images[0])
    assert lying.sum() == pytest.approx(np.hypot(down, across).sum(), rel=1e-5)


def test_the_chart_marks_the_threshold_on_both_curves():
    found = rejection.fit_rejection(group(1), group(2))
    figure = go.Figure(charts.risk_coverage(found))
    marks = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert [mark.x[0] for mark in marks] == pytest.approx([0.98, 0.98])
    assert marks[0].y[0] == pytest.approx(1 - found.rejected_non_digits[found.name].share, abs=0.01)
    assert {mark.yaxis for mark in marks} == {"y", "y2"}
