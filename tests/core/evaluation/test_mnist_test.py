from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import datasets
from core.datasets import mnist
from core.datasets.dataset import Dataset
from core.errors import RunMissing
from core.evaluation import mnist_test
from core.evaluation.mnist_test import copies, num_test_images, open_test_set
from tests.runs import trained

ROOT = Path(__file__).parents[3]
NUM_IMAGES = 1200


class Sevens:
    """A predictor that always says 7, and remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def probabilities(self, run, images, *, epoch):
        self.asked.append((epoch, len(images), images.dtype, float(images.max())))
        return np.eye(10, dtype=np.float32)[np.full(len(images), 7)]


@pytest.fixture
def run(store):
    return replace(trained(store), state="finished")


@pytest.fixture(autouse=True)
def few_images(monkeypatch):
    labels = (np.arange(NUM_IMAGES) % 10).astype(np.uint8)
    test = Dataset("mnist-test", "MNIST, test images", "", np.full((NUM_IMAGES, 28, 28), 255, np.uint8), labels)
    monkeypatch.setattr(mnist, "load_test", lambda: test)


def test_an_opening_scores_the_best_epoch_and_is_written_down_for_good(store, run):
    predictor, shares = Sevens(), []
    opening = open_test_set(store, predictor, run, shares.append)
    assert (opening.epoch, opening.num_right, opening.num_images) == (2, 120, NUM_IMAGES)
    assert predictor.asked == [(2, 500, np.float32, 1.0), (2, 500, np.float32, 1.0), (2, 200, np.float32, 1.0)]
    assert shares == sorted(shares) and shares[-1] == 1.0
    store.processes.mark_interrupted([run.run_id])
    store.bin.put([run.run_id])
    store.bin.empty()
    assert store.test_openings.all() == [opening]


def test_each_opening_counts(store, run):
    for _ in range(2):
        open_test_set(store, Sevens(), run)
    assert len(store.test_openings.all()) == 2


def test_a_run_that_still_trains_does_not_get_to_see_it(store, run):
    with pytest.raises(RunMissing, match="has to end before"):
        open_test_set(store, Sevens(), replace(run, state="running"))
    assert not store.test_openings.all()


def test_copies_of_the_test_images_are_counted_without_a_score(data_dir, monkeypatch):
    mine = Dataset("mine", "Mine", "", np.zeros((3, 28, 28), np.uint8), np.zeros(3, np.uint8))
    mnist_test._digests.cache_clear()
    assert num_test_images(mine) == 0, "MNIST is not at hand"
    monkeypatch.setattr(mnist, "available", lambda: True)
    assert num_test_images(mine) == 0
    copied = np.concatenate([mine.images, np.full((2, 28, 28), 255, np.uint8)])
    assert num_test_images(Dataset("mine", "Mine", "", copied, np.zeros(5, np.uint8))) == 2
    mnist_test._digests.cache_clear()


def test_copies_are_found_with_the_rows_of_the_test_images(data_dir, monkeypatch):
    digits = datasets.load("digits")
    test = Dataset("mnist-test", "MNIST, test images", "", digits.images[:200].copy(), digits.labels[:200])
    mine = np.concatenate([digits.images[300:400], test.images[7:8], np.roll(test.images[20:21], 1, axis=1)])
    assert copies(mine, lambda share: None) is None, "MNIST is not at hand"
    monkeypatch.setattr(mnist, "available", lambda: True)
    monkeypatch.setattr(mnist, "load_test", lambda: test)
    pairs, num_exact = copies(mine, lambda share: None)
    assert pairs.tolist() == [[100, 7], [101, 20]] and num_exact == 1


def test_nothing_else_loads_the_test_images():
    """Training, choosing, evaluating and every page go without them; bench/accuracy.py prints final figures."""
    loading, reading = set(), set()
    for path in (path for folder in ("core", "ui", "pages", "bench") for path in (ROOT / folder).rglob("*.py")):
        name, source = path.relative_to(ROOT).as_posix(), path.read_text()
        loading |= {name} if "load_test" in source else set()
        reading |= {name} if "x_test" in source.lower() else set()
    assert "core/evaluation/mnist_test.py" in loading
    assert loading <= {"core/evaluation/mnist_test.py", "core/datasets/mnist.py", "bench/accuracy.py"}
    assert reading <= {"core/datasets/mnist.py", "core/datasets/mnist_files.py", "core/datasets/download.py"}
