import dataclasses
import math

import numpy as np
import pytest

from core import datasets
from core.datasets import Dataset
from core.evaluation import closer_look
from core.evaluation.closer_look import UNKNOWN, CloserLook
from core.network.predictor import Predictor
from core.store import starter


@pytest.fixture(scope="module")
def faulty():
    """Three hundred of the built-in digits: 250 is 10 moved by a pixel, 251 is 11 again, 252 has a wrong label, 253 is noise."""
    digits = datasets.load("digits")
    images, labels = digits.images[:300].copy(), digits.labels[:300].copy()
    images[250], labels[250] = np.roll(images[10], 1, axis=0), labels[10]
    images[251], labels[251] = images[11], labels[11]
    labels[252] = (labels[252] + 5) % 10
    images[253] = np.random.default_rng(0).integers(0, 256, (28, 28))
    return Dataset("faulty", "Faulty", "", images, labels)


def look(dataset, store, shares=None):
    def check(share, doing):
        assert doing
        (shares if shares is not None else []).append(share)

    return closer_look.look(dataset, check, store=store, predictor=Predictor(store))


def test_planted_faults_are_found_and_the_progress_only_grows(faulty, data_dir, store):
    shares = []
    found = look(faulty, store, shares)
    assert found.near.tolist() == [[250, 10]], "exact copies are found elsewhere"
    assert 252 in found.suspects[:, 0] and 253 in found.outliers and found.judged and found.agreement > 0.9
    assert dict(found.suspects.tolist())[252] == datasets.load("digits").labels[252]
    assert not found.knows_test and found.num_learned == UNKNOWN, "MNIST is not at hand"
    assert shares == sorted(shares) and shares[-1] <= 1


def test_labels_of_images_that_the_network_does_not_know_are_not_judged(faulty, store):
    other_way_round = dataclasses.replace(faulty, labels=((faulty.labels + 3) % 10).astype(np.uint8))
    found = look(other_way_round, store)
    assert not found.judged and not len(found.suspects) and not len(found.outliers) and len(found.near) == 1


def test_without_the_starter_network_the_rest_is_found(faulty, store, monkeypatch):
    monkeypatch.setattr(starter, "network", lambda: None)
    found = look(faulty, store)
    assert math.isnan(found.agreement) and not found.judged and found.near.tolist() == [[250, 10]]


def test_what_is_written_is_read_again(faulty, store):
    found = look(faulty, store)
    again = CloserLook.from_arrays(found.arrays())
    for name in closer_look.SHAPES:
        np.testing.assert_array_equal(getattr(again, name), getattr(found, name))
    assert isinstance(again.knows_test, bool) and isinstance(again.num_learned, int)
