"""A cell of a table can be read whatever its accuracy, and a better one is stronger."""

import numpy as np
import pytest

from core.charts.parts import GROUNDS
from core.charts.shades import contrast, shade

ACCURACIES = np.linspace(0, 1, 1001)


@pytest.mark.parametrize("theme", GROUNDS)
def test_letters_stand_out_from_every_ground(theme):
    assert min(contrast(*shade(accuracy, theme)) for accuracy in ACCURACIES) > 4.5


@pytest.mark.parametrize("theme", GROUNDS)
def test_the_better_the_farther_from_the_page(theme):
    apart = [contrast(shade(accuracy, theme)[0], GROUNDS[theme]) for accuracy in (0.4, 0.8, 0.9, 0.98, 0.99, 0.999)]
    assert apart == sorted(apart) and len(set(apart)) == len(apart)


def test_black_on_white_is_the_most():
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == pytest.approx(21)
