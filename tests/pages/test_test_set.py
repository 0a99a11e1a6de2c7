import threading

import numpy as np
import pytest

from core.datasets import mnist
from core.datasets.dataset import Dataset
from core.errors import DatasetMissing
from tests.fakes import SOON_S
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
    assert "Not opened so far." in text(page)
    page.button(key="open-test-set").click().run()
    lab.test_set.wait(run.run_id, SOON_S)
    page.run()
    assert not page.exception and not page.error
    (opening,) = lab.store.test_openings.all()
    assert (opening.run_id, opening.epoch, opening.num_images) == (run.run_id, 3, 40)
    assert "**Test set: " in text(page) and "of 40 wrong, epoch 3." in text(page)
    assert "Opened once in all, for 1 run." in text(page)
    assert "open-test-set" not in {button.key for button in page.button}, "one press per run"


def test_while_a_run_trains_the_test_set_stays_shut(open_page, lab, trainer, few_images):
    running(lab, trainer, num_steps=23)
    page = open_page("Evaluate")
    assert "Not opened so far." in text(page)
    assert "open-test-set" not in {button.key for button in page.button}


def test_without_mnist_the_page_says_where_it_comes_from(open_page, lab, trainer):
    finished(lab, trainer)
    page = open_page("Evaluate")
    assert "It comes with MNIST, which is not here yet. Get it on the Data page." in text(page)


def test_two_presses_and_another_browser_open_it_once(open_page, lab, trainer, few_images, monkeypatch):
    """Both browsers show the press; the second one is made while the first is answered, a third after that."""
    run = finished(lab, trainer)
    first, second, late = (open_page("Evaluate") for _ in range(3))
    begun, go = threading.Event(), threading.Event()
    answer = lab.predictor.probabilities

    def wait(*given, **named):
        begun.set()
        assert go.wait(SOON_S)
        return answer(*given, **named)

    monkeypatch.setattr(lab.predictor, "probabilities", wait)
    first.button(key="open-test-set").click().run()
    assert begun.wait(SOON_S)
    second.button(key="open-test-set").click().run()
    for page in (first, second):
        page.run()
        assert "Test set, 0%" in text(page) and "open-test-set" not in {button.key for button in page.button}
    go.set()
    assert lab.test_set.wait(run.run_id, SOON_S).result
    lab.test_set.cancel(run.run_id)  # as if its result had been forgotten
    late.button(key="open-test-set").click().run()
    lab.test_set.wait(run.run_id, SOON_S)
    assert len(lab.store.test_openings.all()) == 1
    assert "Opened once in all, for 1 run." in text(late.run())


def test_an_opening_that_fails_is_one_sentence_and_can_be_tried_again(open_page, lab, trainer, few_images, monkeypatch):
    def missing():
        raise DatasetMissing("MNIST is gone.")

    run = finished(lab, trainer)
    page = open_page("Evaluate")
    with monkeypatch.context() as gone:
        gone.setattr(mnist, "load_test", missing)
        page.button(key="open-test-set").click().run()
        lab.test_set.wait(run.run_id, SOON_S)
        page.run()
    assert [error.value for error in page.error] == ["MNIST is gone."] and not lab.store.test_openings.all()
    page.button(key="open-test-set").click().run()
    assert lab.test_set.wait(run.run_id, SOON_S).result and len(lab.store.test_openings.all()) == 1
