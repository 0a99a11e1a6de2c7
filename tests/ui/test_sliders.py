"""What the sliders' component takes from a browser."""

import math

import pytest

from ui.widgets.sliders import Slider, _bounded

ROW = Slider("epochs", "Epochs", 7, 7, (1, 2, 50), 1, 500, "How often.")


@pytest.mark.parametrize(
    ("said", "taken"), [(12, 12), (0, 1), (9e9, 500), (math.nan, None), (math.inf, None), ("12", None), (None, None)]
)
def test_a_value_is_a_number_within_the_bounds_or_is_not_taken(said, taken):
    assert _bounded(ROW, said) == taken
