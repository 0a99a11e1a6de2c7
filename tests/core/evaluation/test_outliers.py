import numpy as np
import pytest

from core.evaluation.outliers import outliers

NUM, WIDTH = 600, 12


def quiet(share):
    assert 0 <= share <= 1


@pytest.fixture
def known():
    """Features in ten clusters, their labels, and answers that agree with these."""
    random = np.random.default_rng(1)
    labels = np.arange(NUM) % 10
    features = random.normal(0, 6, (10, WIDTH))[labels] + random.normal(0, 1, (NUM, WIDTH))
    return features.astype(np.float32), labels, 0.01 + 0.9 * np.eye(10, dtype=np.float32)[labels]


def test_whatever_lies_between_the_digits_is_found_also_when_there_are_several_of_it(known):
    features, labels, probabilities = (each.copy() for each in known)
    odd = np.arange(0, 200, 10) + 3
    features[odd] = np.random.default_rng(2).normal(0, 0.1, (len(odd), WIDTH)) + [30, -30] * (WIDTH // 2)
    probabilities[odd] = 0.1  # the network does not know what they are
    found = outliers(features, labels, probabilities, quiet)
    assert set(odd.tolist()) <= set(found.tolist()) and len(found) < len(odd) + NUM // 50


def test_the_farthest_comes_first(known):
    features, labels, probabilities = (each.copy() for each in known)
    features[7] = -4 * features[7]
    probabilities[7] = 0.1
    assert outliers(features, labels, probabilities, quiet)[0] == 7


def test_nothing_is_said_where_the_network_reads_nothing_as_labelled(known):
    features, labels, probabilities = known
    assert not len(outliers(features, (labels + 1) % 10, probabilities, quiet))
