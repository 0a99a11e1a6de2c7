import threading

import pytest

from core.errors import RunMissing
from tests.fakes import SOON_S
from tests.pages.reading import text, texts
from tests.pages.states import finished
from tests.tables import content, table


@pytest.fixture
def kaggle(open_page, lab, trainer):
    """The page with one finished run."""
    finished(lab, trainer)
    return open_page("Kaggle")


def upload(page, raw):
    page.file_uploader(key="test-csv").set_value(("test.csv", raw, "text/csv")).run()
    assert not page.exception


def unlabelled():
    return content([cells[1:] for cells in table()])


def test_without_a_network_one_press_trains_one(open_page, lab):
    page = open_page("Kaggle")
    assert page.info[0].value == "There is no network yet that could answer. Train a quick one."
    page.button(key="train-quick").click().run()
    assert page.info[0].value == "quick-1 is training. It can answer as soon as its first epoch is done."


def test_before_the_first_run_the_starter_network_can_answer(there, open_page, lab):
    page = open_page("Kaggle")
    upload(page, unlabelled())
    read(page, lab)
    assert "30 answers by Starter, epoch 7" in text(page) and not page.exception


def read(page, lab):
    page.button(key="kaggle-read").click().run()
    for key in [*lab.kaggle.pending(), *lab.kaggle._over]:
        assert lab.kaggle.wait(key, SOON_S).result is not None
    page.run()


def test_a_test_file_is_read_and_the_submission_can_be_taken_away(kaggle, lab):
    upload(kaggle, unlabelled())
    assert "30 images, no missing values, pixels from 0 to 255." in texts(kaggle)
    read(kaggle, lab)
    assert not kaggle.exception and not kaggle.error
    assert [button.label for button in kaggle.download_button] == ["Download submission.csv"]
    assert "30 answers by mine-1, epoch 3" in text(kaggle)


def test_a_file_with_labels_is_refused_in_one_sentence(kaggle):
    upload(kaggle, content(table()))
    (error,) = kaggle.error
    assert "pixel0 to pixel783" in error.value
    assert "kaggle-read" not in {button.key for button in kaggle.button}


def test_while_the_file_is_read_the_page_shows_how_far_it_is_and_the_reading_can_be_cancelled(kaggle, lab, monkeypatch):
    begun, go = threading.Event(), threading.Event()

    def wait(*given, **named):
        begun.set()
        assert go.wait(SOON_S)
        raise RunMissing("The weights are gone.")

    monkeypatch.setattr(lab.predictor, "probabilities", wait)
    upload(kaggle, unlabelled())
    kaggle.button(key="kaggle-read").click().run()
    assert begun.wait(SOON_S)
    kaggle.run()
    assert "kaggle-read" not in {button.key for button in kaggle.button} and "Reading, 0%: 0 of 30 read" in text(kaggle)
    (key,) = lab.kaggle.pending()
    kaggle.button(key="cancel-digitlab-kaggle").click().run()
    assert lab.kaggle.look(key) is None and "kaggle-read" in {button.key for button in kaggle.button}
    kaggle.button(key="kaggle-read").click().run()
    go.set()
    lab.kaggle.wait(key, SOON_S)
    kaggle.run()
    assert [error.value for error in kaggle.error] == ["The weights are gone."]
    assert "kaggle-read" in {button.key for button in kaggle.button}, "it can be tried again"
