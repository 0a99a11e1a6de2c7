import numpy as np
import pytest

from core.recipe import Recipe
from core.training.rate_suggestion import judged, rising

RATES = rising(101)
DECADES = np.log10(RATES)
RECIPE = Recipe()


def test_the_rates_rise_by_the_same_factor_from_step_to_step():
    assert RATES[0] == pytest.approx(1e-5) and RATES[-1] == pytest.approx(1.0)
    np.testing.assert_allclose(RATES[1:] / RATES[:-1], 10 ** (5 / 100))


def test_the_suggestion_is_a_part_of_the_rate_of_the_lowest_loss():
    losses = 0.5 + 0.2 * (DECADES + 1.5) ** 2  # lowest at 10^-1.5
    test = judged(RATES, losses)
    assert test.lowest_at == pytest.approx(10**-1.5, rel=0.6) and not test.trouble and test.diverged_at is None
    assert test.suggestion(RECIPE) == pytest.approx(test.lowest_at / 10, rel=0.05)
    assert test.suggestion(RECIPE) == float(f"{test.suggestion(RECIPE):.2g}"), "as a person would write it"


@pytest.mark.parametrize("beyond", [100.0, np.nan, np.inf])
def test_the_curve_ends_where_the_loss_grows_without_bound_and_one_bad_batch_does_not_end_it(beyond):
    losses = np.where(RATES < 0.1, 2.0 - 0.3 * (DECADES + 5), beyond)
    losses[40] *= 2
    test = judged(RATES, losses)
    assert test.diverged_at == pytest.approx(0.1, rel=0.2)
    assert len(test.losses) == len(test.rates) == np.searchsorted(RATES, test.diverged_at) and np.isfinite(test.losses).all()
    assert 0.002 < test.suggestion(RECIPE) < test.diverged_at / 2


def test_a_loss_that_never_falls_or_is_no_number_is_one_sentence():
    flat = judged(RATES, np.full(101, 2.3))
    assert flat.trouble == "The loss hardly fell at any rate from 1e-05 to 1: no rate can be suggested."
    assert flat.suggestion(RECIPE) is None and len(flat.losses) == 101
    growing = judged(RATES, np.where(RATES < 0.01, 2.3, np.nan))
    assert growing.trouble.startswith("The loss hardly fell before it grew without bound, at a rate of 0.01")
    broken = judged(RATES[:1], np.array([np.nan]))
    assert broken.trouble.startswith("The loss stopped being a number at the first step") and len(broken.rates) == 0


def test_a_suggestion_is_always_a_rate_that_the_form_can_hold():
    low = judged(RATES[:30], np.linspace(2.3, 1.0, 30))
    assert 1e-6 <= low.suggestion(RECIPE) < 1e-4
    high = judged(10 * RATES, np.linspace(2.3, 1.0, 101))
    assert high.suggestion(RECIPE) == 0.1, "before Start it would be called more than the optimiser can take"
