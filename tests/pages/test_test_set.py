import numpy as np
import pytest

from core.datasets import mnist
from core.datasets.dataset import Dataset
from tests.pages.reading import text
from tests.pages.states import finished, running


@pytest.fixture
def few_images(monkeypatch):
    """Stands in for the 10,000: what is looked at here is the press and the record."""
    test = Dataset("mnist-test", "MNIST", "", np.zeros((40, 28, 28), np.uint8), np.zeros(40, np.uint8))
    monkeypatch.setattr(mnist, "load_test", lambda: test)
    monkeypatch.setattr(mnist, "available", lambda: True)


def test_the_test_set_is_opened_by_a_press_and_the_page_says_how_often(open_page, lab, trainer, few_images):
    run = finished(lab, trainer)
    page = open_page("Evaluate")
    assert "Never opened so far." in text(page)
    page.button(key="open-test-set").click().run()
    assert not page.exception and not page.error
    (opening,) = lab.store.test_openings.all()
    assert (opening.run_id, opening.epoch, opening.num_images) == (run.run_id, 3, 40)
    assert "**Test set: " in text(page) and "of 40 wrong, epoch 3." in text(page)
    assert "Opened once in all, for 1 run." in text(page)
    assert "open-test-set" not in {button.key for button in page.button}, "one press per run"


def test_while_a_run_trains_the_test_set_stays_shut(open_page, lab, trainer, few_images):
    running(lab, trainer, num_steps=23)
    page = open_page("Evaluate")
    assert "Never opened so far." in text(page)
    assert "open-test-set" not in {button.key for button in page.button}


def test_without_mnist_the_page_says_where_it_comes_from(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Evaluate")
    assert "It comes with MNIST, which is not here yet. Get it on the Data page." in text(page)
