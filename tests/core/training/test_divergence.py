import math

import pytest

from core.training.divergence import Watch, sentence


def told(losses):
    """What the watch says of each batch's loss."""
    watch = Watch()
    return [watch.trouble(loss) for loss in losses]


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_no_number_is_told_at_its_batch(loss):
    assert told([2.3, 2.0, loss]) == ["", "", "The loss stopped being a number"]


def test_a_loss_far_beyond_guessing_is_told_once_it_stays_there():
    said = told([1.0] * 200 + [14.0] * 40)
    assert not any(said[:229])
    assert said[229] == "For 30 batches the loss was above 4.6, twice that of guessing,"


IN_BOUNDS = {
    "dead": [2.3] * 300,
    "rough start": [16.0] * 29 + [2.0] * 100,
    "outliers": [0.1, 9.0] * 100,
    "slow start": [7.0 - 0.03 * batch + (0.5, -0.5)[batch % 2] for batch in range(150)],  # a small network with much dropout
}


@pytest.mark.parametrize("losses", IN_BOUNDS.values(), ids=IN_BOUNDS)
def test_a_bad_run_that_stays_in_bounds_is_left_alone(losses):
    assert not any(told(losses))


def test_the_sentence_says_where_why_and_what_to_try():
    said = sentence("The loss stopped being a number", epoch=2, batch=7, rate=0.03, batch_norm=False)
    assert "in epoch 2, batch 7, at a learning rate of 0.03: the steps were too large" in said and "learning rate of 0.01" in said
    assert said.endswith("or switch batch normalisation on.")
    assert "batch norm" not in sentence("Trouble", epoch=2, batch=7, rate=0.03, batch_norm=True)
