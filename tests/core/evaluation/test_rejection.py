import numpy as np
import plotly.graph_objects as go
import pytest
from scipy.special import logsumexp

from core import charts
from core.datasets.synthetic.redrawn import Drawings
from core.errors import InvalidAnswers
from core.evaluation import rejection
from core.evaluation.rejection import Seen
from core.metrics import wilson


def group(seed, *, num_digits=300, num_others=200, apart=4.0):
    """Ten clouds of features, and others between them that the logits take for digits."""
    draw = np.random.default_rng(seed)
    middles = 6 * np.eye(10, 12)
    labels = np.arange(num_digits) % 10
    features = middles[labels] + draw.normal(0, 1, (num_digits, 12))
    strange = middles[np.arange(num_others) % 10] + draw.normal(0, 1, (num_others, 12))
    strange[:, 10:] += apart  # where no digit ever is, and the logits do not look
    images = [np.zeros((count, 28, 28), np.float32) for count in (num_digits, num_others)]
    seen = [Seen(pixels, each, each[:, :10]) for pixels, each in zip(images, (features, strange), strict=True)]
    return Drawings(images[0], labels, images[1]), *seen


def test_the_score_that_refuses_most_is_chosen_and_its_cutoff_costs_2_percent_of_the_digits():
    held_out = group(2)
    found = rejection.measured(group(1), held_out)
    assert found.name in ("distance", "boundary")
    assert found.caught[found.name].share == max(each.share for each in found.caught.values()) > 0.9
    assert found.caught["energy"].share < 0.2
    assert found.lost == wilson(6, 300)
    assert found.refuses(held_out[1]).sum() == 6
    assert (found.num_digits, found.num_others) == (300, 200)


def test_the_cutoff_holds_on_drawings_that_it_never_saw():
    found = rejection.measured(group(1), group(2))
    _, digits, others = group(3)
    assert found.refuses(digits).mean() < 0.05 and found.refuses(others).mean() > 0.9


def test_energy_is_the_papers():
    _, digits, _ = group(1)
    np.testing.assert_allclose(rejection._energy(digits), -logsumexp(digits.logits, axis=1))


def test_distance_is_the_least_of_mahalanobis():
    drawings, digits, others = group(1)
    from sklearn.covariance import LedoitWolf

    means = np.stack([digits.features[drawings.labels == digit].mean(axis=0) for digit in range(10)])
    precision = LedoitWolf().fit(digits.features - means[drawings.labels]).precision_
    one = others.features[7] - means
    expected = min(away @ precision @ away for away in one)
    assert rejection._distance(digits.features, drawings.labels)(others)[7] == pytest.approx(expected)


def test_distance_does_without_a_digit_that_is_absent():
    drawings, digits, _ = group(1)
    kept = drawings.labels != 4
    score = rejection._distance(digits.features[kept], drawings.labels[kept])
    assert score(digits)[~kept].min() > np.quantile(score(digits)[kept], 0.9)


def test_a_curve_begins_with_few_answers_and_ends_with_all_of_them():
    digits, right, others = np.array([3.0, 1.0, 2.0, 4.0]), np.array([True, True, False, False]), np.array([0.5, 2.0, 9.0])
    found = rejection.curve(digits, right, others)
    np.testing.assert_allclose(found.coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(found.misread, [0, 1 / 2, 1 / 3, 1 / 2])
    np.testing.assert_allclose(found.taken, [1 / 3, 2 / 3, 2 / 3, 2 / 3])


def test_a_network_that_reads_everything_right_has_no_risk():
    assert not rejection.measured(group(1), group(2)).curve.misread.max() > 0.05


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_outputs_that_are_no_numbers_are_one_sentence(wrong):
    drawings, digits, others = group(1)
    broken = Seen(others.images, others.features, np.full_like(others.logits, wrong))
    with pytest.raises(InvalidAnswers, match="not valid numbers"):
        rejection.measured((drawings, digits, broken), group(2))


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


def test_the_chart_marks_the_cutoff_on_both_curves():
    found = rejection.measured(group(1), group(2))
    figure = go.Figure(charts.risk_coverage(found))
    marks = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert [mark.x[0] for mark in marks] == pytest.approx([0.98, 0.98])
    assert marks[0].y[0] == pytest.approx(1 - found.caught[found.name].share, abs=0.01)
    assert {mark.yaxis for mark in marks} == {"y", "y2"}
