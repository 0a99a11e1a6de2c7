from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from core.errors import PredictionError
from core.evaluation import comparison
from core.recipe import Recipe
from core.runs import seeds
from core.runs.snapshot import RunSnapshot
from tests.fakes import epoch_ended
from tests.runs import folded, started

LABELS = np.arange(8400) % 10


def read(*wrong):
    """What a run read that gets the images in the given ranges wrong."""
    predicted = LABELS.copy()
    for each in wrong:
        predicted[each] = (predicted[each] + 1) % 10
    return predicted


@given(some.integers(0, 400), some.integers(0, 400))
def test_p_is_statsmodels(only_first, only_second):
    theirs = mcnemar([[50, only_first], [only_second, 3]], exact=True).pvalue
    assert comparison.mcnemar(only_first, only_second) == pytest.approx(theirs if only_first + only_second else 1.0)


@settings(deadline=None)  # the first call imports SciPy
@given(some.lists(some.tuples(*[some.integers(0, 9)] * 3), min_size=1, max_size=60))
def test_every_image_is_counted_once(rows):
    labels, first, second = np.array(rows).T
    found = comparison.compare(labels, first, second)
    only = {*found.only_first.tolist()}, {*found.only_second.tolist()}
    assert not only[0] & only[1]
    assert found.right[0] - found.right[1] == len(only[0]) - len(only[1]) == np.trace(found.difference)
    assert found.difference.sum() == 0
    assert found.num_both == np.sum((first == labels) & (second == labels))
    assert found.num_neither == np.sum((first != labels) & (second != labels))
    assert comparison.compare(labels, second, first).p == found.p


def test_the_sentence_for_two_runs_that_cannot_be_told_apart():
    found = comparison.compare(LABELS, read(slice(0, 58)), read(slice(41, 89)))
    assert found.verdict("a-1", "b-2") == (
        "99.31% and 99.43% on 8,400 images cannot be told apart (p = .29): a-1 alone reads 31 of them, b-2 alone 41."
    )


def test_the_sentence_for_two_that_differ_and_fewer_digits_for_fewer_images():
    few = slice(0, 400)
    found = comparison.compare(LABELS[few], read(slice(0, 40))[few], read(slice(0, 10))[few])
    assert found.verdict("a-1", "b-2") == (
        "90.0% and 97.5% on 400 images really differ, b-2 is better than a-1 (p < .001): a-1 alone reads 0 of them, b-2 alone 30."
    )


def test_the_same_answers_twice():
    found = comparison.compare(LABELS, read(slice(3)), read(slice(3)))
    assert (found.p, len(found.only_first), found.difference.any()) == (1.0, 0, False)
    assert "cannot be told apart (p = 1.00)" in found.verdict("a", "b")


def test_perfect_against_always_1():
    found = comparison.compare(LABELS, LABELS, np.ones_like(LABELS))
    assert len(found.only_first) == 7560 and found.difference[1].tolist() == [0] * 10
    assert found.verdict("a", "b").startswith("100.0% and 10.0% on 8,400 images really differ, a is better than b (p < .001)")


def test_answers_for_other_images_are_refused():
    with pytest.raises(PredictionError, match="for 8400 images and the other for 3"):
        comparison.compare(LABELS, LABELS, LABELS[:3])


def test_only_the_cut_decides_whether_the_images_are_the_same():
    assert Recipe().validation_key == Recipe(epochs=3, seed=7).validation_key
    for change in ({"dataset": "mnist"}, {"validation_share": 0.3}, {"split_seed": 14}):
        assert Recipe().validation_key != Recipe(**change).validation_key


def test_the_next_seed_is_one_that_this_recipe_has_not_had():
    others = [Recipe(seed=14), Recipe(seed=15, epochs=3), Recipe(seed=16)]
    assert seeds.next_seed(Recipe(seed=13), others) == 15
    assert seeds.next_seed(Recipe(seed=2**31 - 1), [Recipe(seed=0)]) == 1


def run(seed, *accuracies, **changes):
    epochs = [epoch_ended("r", place, val_accuracy=each) for place, each in enumerate(accuracies, 1)]
    made = folded(started(), *epochs)
    return replace(made, name=f"quick-{seed}", recipe=made.recipe.changed(seed=seed), **{"state": "finished", **changes})


def test_a_group_has_the_last_epochs_mean_deviation_and_students_interval():
    group = seeds.seed_group([run(1, 0.8, 0.9), run(2, 0.99, 0.92), run(3, 0.7, 0.97)])
    last = np.array([0.9, 0.92, 0.97])
    theirs = stats.ttest_1samp(last, 0).confidence_interval(0.95)
    assert (group.mean.share, group.deviation) == pytest.approx((last.mean(), last.std(ddof=1)))
    assert (group.mean.low, group.mean.high) == pytest.approx((theirs.low, min(theirs.high, 1)))
    np.testing.assert_allclose(group.curve[:, 0], [0.83, 0.93])
    np.testing.assert_allclose(group.curve[:, 1], [np.std([0.8, 0.99, 0.7], ddof=1), last.std(ddof=1)])


def test_a_seed_counts_once_and_an_unfinished_run_not_at_all():
    newest, older = run(1, 0.9), replace(run(1, 0.8), name="quick-0")
    stopped = run(2, 0.5, state="stopped")
    assert seeds.seed_group([newest, older, stopped]) is None
    group = seeds.seed_group([newest, older, stopped, run(3, 0.9)])
    assert group.names == ["quick-3", "quick-1"]
    assert (group.deviation, group.mean.low, group.mean.high) == (0, 0.9, 0.9)


def test_no_run_is_no_group():
    assert seeds.seed_group([RunSnapshot("r", "a", Recipe())]) is None
