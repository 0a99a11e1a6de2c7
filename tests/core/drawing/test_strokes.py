import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from core.drawing.strokes import widened, width_px


def bar(height=9):
    mask = np.zeros((40, 200), bool)
    mask[15 : 15 + height] = True
    return mask


def test_a_bar_grows_and_shrinks_by_the_step_on_both_sides():
    steps_px = np.array([-2, -0.5, 0, 0.5, 3])
    heights = widened(bar(), steps_px).sum(axis=1)[:, 100]
    assert heights == pytest.approx(9 + 2 * steps_px)
    assert widened(bar(), 0.5).shape == bar().shape


def test_without_a_step_the_ink_is_what_it_was():
    assert (widened(bar(), 0) == bar()).all()


def test_the_width_of_a_bar_is_its_height():
    mask = bar(height=12)
    assert width_px(distance_transform_edt(mask)[mask]) == pytest.approx(12)
