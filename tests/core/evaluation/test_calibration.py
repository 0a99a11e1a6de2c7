import numpy as np
import pytest
from scipy.special import softmax
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss
from statsmodels.stats.proportion import proportion_confint

from core.errors import InvalidAnswers, PredictionError
from core.evaluation import calibration


def answers(num_images=2000, *, stated=1.0):
    """Labels drawn from honest probabilities, and what a network says whose certainty is `stated` times the honest one."""
    draw = np.random.default_rng(0)
    logits = draw.normal(0, 2, (num_images, 10))
    honest = softmax(logits, axis=1)
    labels = (honest.cumsum(axis=1) > draw.random((num_images, 1))).argmax(axis=1)
    return labels, softmax(stated * logits, axis=1).astype(np.float32)


def test_the_error_is_the_papers_sum_over_bins():
    draw = np.random.default_rng(0)
    confidence = np.round(draw.uniform(0.1, 1, 500), 1)  # all lie on edges, which belong to the bin below
    right = (draw.random(500) < 0.7).astype(float)
    bins = [(confidence > low / 10) & (confidence <= (low + 1) / 10) for low in range(10)]
    theirs = sum(each.sum() / 500 * abs(right[each].mean() - confidence[each].mean()) for each in bins if each.any())
    assert calibration.expected_error(confidence, right) == pytest.approx(theirs)


def test_bins_by_hand():
    """An edge that counts for the bin above, an empty bin that stays, another interval or a mean over all images would show."""
    confidence, right = np.array([0.1, 0.2, 0.11, 0.55, 1.0, 0.97, 0.93, 0.95]), np.array([0, 1, 0, 1, 1, 1, 0, 1.0])
    found = calibration.reliability(confidence, right)
    rows = [(each.low, each.high, each.num_images, each.confidence, each.right.share) for each in found]
    expected = [(0, 0.1, 1, 0.1, 0), (0.1, 0.2, 2, 0.155, 0.5), (0.5, 0.6, 1, 0.55, 1), (0.9, 1, 4, 0.9625, 0.75)]
    np.testing.assert_allclose(rows, expected, atol=1e-12)
    assert (found[3].right.low, found[3].right.high) == pytest.approx(proportion_confint(3, 4, method="wilson"))


def test_bins_are_scikit_learns():
    labels, probabilities = answers()
    found = calibration.calibration(labels, probabilities).bins
    right, confidence = calibration_curve(probabilities.argmax(axis=1) == labels, probabilities.max(axis=1), n_bins=10)
    assert [each.right.share for each in found] == pytest.approx(right.tolist())
    assert [each.confidence for each in found] == pytest.approx(confidence.tolist())
    assert sum(each.num_images for each in found) == len(labels)


def test_log_loss_is_scikit_learns():
    labels, probabilities = answers()
    assert calibration.log_loss(labels, probabilities) == pytest.approx(log_loss(labels, probabilities), rel=1e-5)


@pytest.mark.parametrize("stated", [0.4, 1.0, 2.5])
def test_the_temperature_brings_stated_certainty_back(stated):
    labels, probabilities = answers(20_000, stated=stated)
    assert calibration.fit_temperature(labels, probabilities) == pytest.approx(stated, rel=0.05)


def test_the_temperature_is_where_the_log_loss_has_no_slope():
    """Guo et al., supplement: at the optimum the mean logit of the true digits is the one that the answers expect."""
    labels, probabilities = answers(3000, stated=1.7)
    temperature = calibration.fit_temperature(labels, probabilities)
    logits = np.log(probabilities.astype(float))
    expected = (calibration.scaled(probabilities, temperature) * logits).sum(axis=1).mean()
    assert logits[np.arange(3000), labels].mean() == pytest.approx(expected, abs=1e-3)


def test_it_is_judged_on_the_half_that_it_was_not_fitted_on():
    labels, probabilities = answers(stated=2.5)
    found = calibration.calibration(labels, probabilities)
    labels[1::2] = (labels[1::2] + 1) % 10
    assert calibration.calibration(labels, probabilities).temperature == found.temperature
    assert found.before.num_images == found.after.num_images == 1000
    assert found.after.error.share < found.before.error.share
    assert found.after.log_loss < found.before.log_loss


@pytest.mark.parametrize(("stated", "said"), [(2.5, "is over-confident"), (0.4, "is under-confident"), (1.0, "about as sure")])
def test_the_verdict(stated, said):
    assert said in calibration.calibration(*answers(5000, stated=stated)).verdict


def test_the_errors_interval_is_the_same_each_time_and_within_reach():
    labels, probabilities = answers(stated=2.5)
    first, again = (calibration.calibration(labels, probabilities).before.error for _ in range(2))
    assert first == again
    assert 0 <= first.low < first.share < first.high <= 1


def test_a_perfect_run_gets_no_temperature():
    labels = np.arange(100) % 10
    found = calibration.calibration(labels, np.eye(10, dtype=np.float32)[labels])
    assert found.temperature is None and found.after is None
    assert (found.before.error.share, found.before.log_loss) == (0, 0)
    assert "about as sure as it is right: 100.0% sure" in found.verdict


def test_a_run_that_always_says_1_with_probabilities_of_exactly_0():
    labels = np.arange(100) % 10
    found = calibration.calibration(labels, np.eye(10, dtype=np.float32)[np.ones(100, int)])
    assert found.before.error.share == pytest.approx(1 - labels[1::2].tolist().count(1) / 50)
    assert np.isfinite(found.before.log_loss) and found.after.log_loss < found.before.log_loss
    assert "100.0% sure, and right 10.0% of the time" in found.verdict


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -0.1, 1.1])
def test_what_is_no_probability_is_one_sentence(wrong):
    labels, probabilities = answers(20)
    probabilities[3, 4] = wrong
    with pytest.raises(InvalidAnswers, match="not valid numbers"):
        calibration.calibration(labels, probabilities)


def test_answers_that_do_not_match_the_images_are_one_sentence():
    labels, probabilities = answers(20)
    with pytest.raises(PredictionError, match="19 answers for 20 images"):
        calibration.calibration(labels, probabilities[1:])


def test_two_images_are_enough():
    assert calibration.calibration(np.array([1, 2]), np.full((2, 10), 0.1, np.float32)).before.num_images == 1
