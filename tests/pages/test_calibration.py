import numpy as np
import pytest

from tests.pages.reading import plots, text
from tests.pages.states import finished, running


def opened(open_page, lab, trainer, probabilities=None):
    if probabilities is not None:
        trainer.probabilities = probabilities
    finished(lab, trainer)
    return open_page("Evaluate", view="calibration")


def table(page):
    (found,) = [frame.value for frame in page.dataframe if "log loss" in frame.value]
    return found


@pytest.fixture
def too_sure(probabilities):
    """One answer in five is another digit, each given with 99 %."""
    predicted = probabilities.argmax(axis=1)
    predicted[::5] = (predicted[::5] + 1) % 10
    predicted[1::10] = (predicted[1::10] + 1) % 10
    return np.full((len(predicted), 10), 0.01 / 9, np.float32) + (0.99 - 0.01 / 9) * np.eye(10, dtype=np.float32)[predicted]


def test_a_network_that_is_too_sure_is_called_so_and_a_temperature_helps(open_page, lab, trainer, too_sure):
    page = opened(open_page, lab, trainer, too_sure)
    assert "The network is over-confident: on average it is 99.0% sure, and right" in text(page)
    before, after = table(page)["calibration error"]
    assert float(before.split("%")[0]) > 20 > float(after.split("%")[0])
    assert "makes it less sure. On the other half this helps." in text(page)
    assert "On the 180 images that the temperature was not fitted on." in text(page)


def test_the_diagram_says_its_verdict_to_a_screen_reader(open_page, lab, trainer, too_sure):
    (alt,) = [alt for alt in plots(opened(open_page, lab, trainer, too_sure)) if alt.startswith("Reliability")]
    assert "over-confident" in alt


def test_a_network_that_knows_more_than_it_says(open_page, lab, trainer):
    assert "The network is under-confident: on average it is only 91.0% sure, and right 98.1%" in text(
        opened(open_page, lab, trainer)
    )


def test_a_perfect_run_gets_a_sentence_instead_of_a_temperature(open_page, lab, trainer, perfect):
    page = opened(open_page, lab, trainer, perfect)
    assert "no temperature can be fitted" in text(page)
    assert len(table(page)) == 1


def test_answers_that_are_no_numbers_are_one_sentence(open_page, lab, trainer, probabilities):
    broken = probabilities.copy()
    broken[3] = np.nan
    page = opened(open_page, lab, trainer, broken)
    assert ["are not valid numbers" in error.value for error in page.error] == [True]


def test_it_moves_with_a_run_that_trains(open_page, lab, trainer):
    running(lab, trainer)
    assert "under-confident" in text(open_page("Evaluate", view="calibration"))
