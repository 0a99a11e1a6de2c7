import numpy as np
import pytest
from scipy.stats import binomtest, ttest_1samp
from sklearn import metrics as sklearn_metrics

from core import metrics

DRAW = np.random.default_rng(0)
LABELS = DRAW.integers(0, 10, 400)
PREDICTED = np.where(DRAW.random(400) < 0.8, LABELS, DRAW.integers(0, 10, 400))


def test_confusion_is_scikit_learns_with_true_digits_as_rows():
    table = metrics.confusion(LABELS, PREDICTED)
    np.testing.assert_array_equal(table, sklearn_metrics.confusion_matrix(LABELS, PREDICTED))
    assert table[3, 5] == np.sum((LABELS == 3) & (PREDICTED == 5))


def test_the_recipes_published_interval():
    interval = metrics.wilson(8400 - 58, 8400)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.9911, 0.9947)
    assert metrics.interval_text(interval) == "99.31% (99.11\N{EN DASH}99.47)"
    assert (metrics.share_text(interval), metrics.range_text(interval)) == ("99.31%", "99.11\N{EN DASH}99.47%")


@pytest.mark.parametrize("num_images", [1, 7, 360, 8400])
def test_wilson_is_scipys(num_images):
    for num_right in {0, 1, num_images // 3, num_images - 1, num_images}:
        theirs = binomtest(num_right, num_images).proportion_ci(0.95, method="wilson")
        ours = metrics.wilson(num_right, num_images)
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_the_interval_of_a_mean_is_scipys_and_has_no_width_where_all_are_alike():
    values = DRAW.normal(0.1, 0.05, 7)
    theirs = ttest_1samp(values, 0).confidence_interval(0.95)
    ours = metrics.mean_interval(values)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))
    alike = metrics.mean_interval(np.full(4, 0.25))
    assert alike == metrics.Interval(0.25, 0.25, 0.25)
    assert metrics.mean_interval(np.array([0.4])) == metrics.Interval(0.4, 0, 1)


def test_few_images_get_fewer_digits():
    assert metrics.interval_text(metrics.wilson(95, 100)) == "95.0% (88.8\N{EN DASH}97.8)"
    assert metrics.wilson(0, 0) == metrics.Interval(0, 0, 1)


def test_per_digit_figures_are_scikit_learns():
    report = sklearn_metrics.classification_report(LABELS, PREDICTED, output_dict=True)
    for score in metrics.per_digit(LABELS, PREDICTED):
        theirs = report[str(score.digit)]
        ours = (score.precision, score.recall.share, score.f1, score.support)
        assert ours == pytest.approx((theirs["precision"], theirs["recall"], theirs["f1-score"], theirs["support"]))


def test_a_digit_that_is_absent_counts_nothing_and_breaks_nothing():
    scores = metrics.per_digit(np.array([1, 1, 2]), np.array([1, 2, 2]))
    assert (scores[7].support, scores[7].errors, scores[7].f1) == (0, 0, 0)
    assert metrics.worst(np.array([1, 1, 2]), np.array([1, 2, 2])).startswith("Worst: 1 (1 error of 2)")


def test_worst_goes_by_the_share_misread_not_by_the_count():
    labels = np.array([1] * 400 + [8] * 20)
    predicted = labels.copy()
    predicted[:12] = 7
    predicted[-8:] = 3
    assert metrics.worst(labels, predicted) == "Worst: 8 (8 errors of 20). Most frequent confusion: 1 read as 7 (12)."


def test_worst_says_when_the_table_does_not_single_one_out():
    labels = np.repeat([8, 3], 100)
    predicted = labels.copy()
    predicted[:5], predicted[-4:] = 0, 5
    assert "Worst: 8 (5 errors of 100), closely followed by 3 (4 of 100)." in metrics.worst(labels, predicted)


def confused(*cells):
    """What is said where the first image of each (true, read, count) is misread so often."""
    labels = np.repeat([true for true, _, count in cells], [count for _, _, count in cells])
    predicted = np.repeat([read for _, read, count in cells], [count for _, _, count in cells])
    return metrics.worst(labels, predicted).partition(". ")[2]


def test_confusions_that_come_equally_often_are_all_named():
    assert confused((7, 1, 3), (9, 4, 3), (5, 6, 2)) == "Most frequent confusions: 7 read as 1 and 9 read as 4 (3 each)."
    five = [(true, true - 1, 2) for true in range(1, 6)]
    assert confused(*five) == "Most frequent confusions: 1 read as 0, 2 read as 1, 3 read as 2 and 2 more (2 each)."
    assert confused((7, 1, 1), (9, 4, 1)) == "No two errors are of one kind."
    assert confused((7, 1, 1)) == "Most frequent confusion: 7 read as 1 (1)."


def test_a_perfect_run_has_no_worst():
    assert metrics.worst(LABELS, LABELS) == "All images were read right."


def test_the_wrong_cells_of_a_matrix_come_by_their_number_and_empty_ones_not_at_all():
    table = np.diag(np.full(10, 30))
    table[4, 9], table[8, 1], table[0, 6] = 2, 5, 2
    assert metrics.confusions(table) == [(8, 1), (0, 6), (4, 9)]
    assert table[0, 0] == 30, "the table itself stays"
