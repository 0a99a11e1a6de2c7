import pytest

from tests.attack import outages
from tests.attack.kills import KILLS

SMALL_DOSE = {"training": 1, "importing": 2, "upgrading": 3, "emptying": 3, "downloading": 2}


@pytest.mark.parametrize("what", KILLS)
def test_a_killed_process_loses_nothing_and_leaves_nothing_half(what):
    outcome = KILLS[what](SMALL_DOSE[what], seed=1)
    assert outcome.failures == []


def test_a_run_outlives_five_restarts_of_its_database(monkeypatch):
    monkeypatch.delenv("DIGITLAB_DATABASE_URL", raising=False)
    outcome = outages.attack(5, seed=1)
    assert outcome.tried == 5 and outcome.failures == []
