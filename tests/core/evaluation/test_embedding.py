import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from core.errors import DataError, InvalidAnswers
from core.evaluation import embedding

DRAW = np.random.default_rng(0)
GROUPS = np.repeat(np.arange(3), 30)
FEATURES = (10 * np.eye(3, 8)[GROUPS] + DRAW.normal(size=(90, 8))).astype(np.float32)


def silent(share, doing):
    pass


@given(st.integers(1, 300), st.floats(0, 1), st.integers(4, 60), st.integers(0, 5))
@settings(deadline=None)
def test_the_points_are_all_errors_and_a_sample_of_the_rest(num_images, share_wrong, most, seed):
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 10, num_images)
    predicted = np.where(draw.random(num_images) < share_wrong, (labels + 1) % 10, labels)
    rows = embedding.points(labels, predicted, most=most)
    wrong = labels != predicted
    assert len(rows) == min(most, num_images) == len(set(rows))
    assert wrong[rows].sum() == wrong.sum() or (~wrong)[rows].sum() >= min((~wrong).sum(), most // 4)


def test_a_run_that_always_says_1_leaves_room_for_the_ones():
    labels = np.arange(10).repeat(100)
    rows = embedding.points(labels, np.ones(1000, int), most=200)
    assert np.sum(labels[rows] == 1) == 50


def test_most_images_stay_from_one_epoch_to_the_next():
    labels = np.zeros(1000, int)
    before, after = labels.copy(), labels.copy()
    before[:10], after[5:20] = 1, 1
    rows = [embedding.points(labels, predicted, most=100) for predicted in (before, after)]
    assert len(np.intersect1d(*rows)) >= 80


def test_pca_is_scikit_learns_and_says_how_much_it_keeps():
    made, theirs = embedding.principal(FEATURES), PCA(2).fit(FEATURES)
    np.testing.assert_allclose(made.places, theirs.transform(FEATURES), rtol=1e-4, atol=1e-4)
    assert made.share == pytest.approx(theirs.explained_variance_ratio_.sum())
    assert embedding.principal(FEATURES[:, :1]).places.shape == (90, 2)


def test_tsne_keeps_groups_together_is_repeatable_and_tells_how_far_it_is():
    reports = []
    made = embedding.neighbourly(FEATURES, lambda share, doing: reports.append((share, doing)))
    centres = np.array([made.places[GROUPS == group].mean(axis=0) for group in range(3)])
    nearest = np.linalg.norm(made.places[:, None] - centres, axis=2).argmin(axis=1)
    assert np.array_equal(nearest, GROUPS)
    shares = [share for share, _ in reports]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1 and len({doing for _, doing in reports}) == 3
    np.testing.assert_array_equal(made.places, embedding.neighbourly(FEATURES, silent).places)


def test_tsne_ends_where_its_report_refuses():
    def refuse(share, doing):
        if share > 0.1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        embedding.neighbourly(FEATURES, refuse)


@pytest.mark.parametrize("make", [embedding.principal, lambda features: embedding.neighbourly(features, silent)])
@pytest.mark.parametrize(
    ("features", "error", "said"),
    [
        (np.where(FEATURES > 9, np.nan, FEATURES), InvalidAnswers, "are not valid numbers"),
        (np.ones((50, 4), np.float32), DataError, "features of all images are equal"),
        (FEATURES[:3], DataError, "takes at least 10 images, and there are 3"),
    ],
)
def test_what_cannot_be_mapped_is_one_sentence(make, features, error, said):
    with pytest.raises(error, match=said):
        make(features)
