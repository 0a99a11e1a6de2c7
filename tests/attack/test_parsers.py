import pytest

from tests.attack.parsers import PARSERS, attack, dose

NUM_INPUTS = 6000


@pytest.mark.parametrize("name", PARSERS)
def test_a_changed_input_is_read_or_refused_in_a_sentence(name):
    outcome = attack(name, dose(name, NUM_INPUTS), seed=1)
    assert outcome.failures == []
    assert outcome.refused or name in ("names", "recipe in a link"), "the inputs were hardly changed"
