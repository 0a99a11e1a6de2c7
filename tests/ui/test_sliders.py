"""What the sliders' component takes from a browser."""

import math

import pytest

from core.recipe import FIELDS, Recipe
from ui import recipe_sliders
from ui.widgets.sliders import Slider, _bounded

ROW = Slider("epochs", "Epochs", 7, 7, (1, 2, 50), 1, 500, "How often.")


@pytest.mark.parametrize(
    ("said", "taken"), [(12, 12), (0, 1), (9e9, 500), (math.nan, None), (math.inf, None), ("12", None), (None, None)]
)
def test_a_value_is_a_number_within_the_bounds_or_is_not_taken(said, taken):
    assert _bounded(ROW, said) == taken


def test_every_stop_of_every_field_can_be_in_a_recipe_and_what_is_typed_below_the_least_is_the_least():
    names = [name for name in FIELDS if recipe_sliders.on_slider(name)]
    assert {"training_images", "kernel_size", "extra_convolutions", "weight_decay"} <= set(names)
    for name in names:
        stops = recipe_sliders.stops(name)
        assert list(stops) == sorted(set(stops))
        for stop in stops:
            value = recipe_sliders.value(name, stop)
            assert recipe_sliders.shown(name, getattr(Recipe().changed(**{name: value}), name)) == pytest.approx(stop)
    assert [recipe_sliders.value("training_images", number) for number in (0, 4.0, 300.0)] == [0, 10, 300]
    assert [recipe_sliders.value("kernel_size", number) for number in (0, 1.0, 2.0)] == [0, 2, 2]
