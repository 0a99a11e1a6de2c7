import numpy as np

from core.runs.smoothing import smoothed


def test_smoothing_has_no_bias_at_the_start_and_keeps_a_level():
    np.testing.assert_allclose(smoothed(np.full(50, 3.0)), 3.0)
    assert smoothed(np.array([5.0, 0.0]))[0] == 5.0
