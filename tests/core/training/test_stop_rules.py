import pytest

from core.recipe import Recipe
from core.training.stop_rules import reached, time_is_up

OWN = "It ended by its own rule: "
SEEN = [(0.5, 0.9), (0.3, 0.95), (0.4, 0.96), (0.3, 0.97)]  # validation loss and accuracy of four epochs


@pytest.mark.parametrize(
    ("rules", "num_epochs", "sentence"),
    [
        ({}, 4, ""),
        ({"stop_patience": 2}, 3, ""),
        ({"stop_patience": 2}, 4, OWN + "for 2 epochs the validation loss has not come below that of epoch 2."),
        ({"stop_patience": 1}, 2, ""),
        ({"stop_patience": 1}, 3, OWN + "for one epoch the validation loss has not come below that of epoch 2."),
        ({"stop_accuracy": 0.97}, 3, ""),
        ({"stop_accuracy": 0.97}, 4, OWN + "epoch 4 reads 97.00% of the validation images, and 97% was the target."),
        ({"stop_accuracy": 0.5, "stop_patience": 1}, 0, ""),
    ],
)
def test_a_rule_holds_once_the_epochs_fulfil_it_and_says_which(rules, num_epochs, sentence):
    assert reached(Recipe(**rules), SEEN[:num_epochs]) == sentence


def test_time_is_up_at_the_limit_and_never_without_one():
    assert time_is_up(Recipe(), 1e9) == time_is_up(Recipe(stop_minutes=2), 119.9) == ""
    assert time_is_up(Recipe(stop_minutes=2), 120.0) == OWN + "its 2 minutes are over."
    assert time_is_up(Recipe(stop_minutes=1), 60.0).endswith("its 1 minute is over.")
