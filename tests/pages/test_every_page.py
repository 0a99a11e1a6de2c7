"""Each page opens in each state of the lab, in words for a person."""

import keras
import pytest

from tests.pages.conftest import PATHS
from tests.pages.reading import PYTHON, text
from tests.pages.states import STATES


@pytest.mark.parametrize("title", PATHS)
@pytest.mark.parametrize("state", STATES)
def test_each_page_opens_in_each_state(open_page, lab, trainer, title, state):
    STATES[state](lab, trainer)
    visit = open_page(title)
    assert not PYTHON.findall(text(visit))
    # A refusal on top of the page would leave it empty. A run that failed is told on its own page only.
    assert bool(visit.error) == (state == "failed" and title == "Train")


@pytest.mark.parametrize("title", PATHS)
def test_a_data_set_that_is_not_at_hand_is_one_sentence_at_most(open_page, title):
    visit = open_page(title, dataset="recipe-split")
    assert len(visit.error) <= 1
    assert all("Data page" in error.value for error in visit.error)
    assert not PYTHON.findall(text(visit))
    assert "MNIST, the 2018 split" in text(visit)


def test_opening_a_page_leaves_the_state_of_keras_alone(open_page):
    """Streamlit would clear it after each script run: a network being built on the training thread then fails."""
    before = keras.layers.Flatten().name
    open_page("Lab")
    assert keras.layers.Flatten().name != before


@pytest.mark.parametrize("title", PATHS)
def test_a_link_with_values_that_cannot_be_opens_the_page_all_the_same(open_page, title):
    visit = open_page(title, epochs="many", optimizer="prayer", learning_rate="-3", dataset="../etc", run="nobody", digit="12")
    assert not visit.error
    assert not PYTHON.findall(text(visit))
