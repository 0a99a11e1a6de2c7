"""A class that watches together looks rarer, each of its browsers."""

import pytest

from ui import frame, lookers


def test_whoever_has_not_looked_for_a_while_counts_no_more():
    now = 0.0
    seen = lookers.Lookers(clock=lambda: now)
    assert [seen.look(visit) for visit in ("a", "b", "a")] == [1, 2, 2]
    now = 15.0
    assert seen.look("c") == 3
    now = 30.0
    assert seen.look("c") == 1


@pytest.mark.parametrize(("looking", "seconds"), [(1, 0.5), (2, 0.5), (30, 7.5)])
def test_thirty_browsers_together_look_as_often_as_two(monkeypatch, looking, seconds):
    monkeypatch.setattr(lookers, "look", lambda: looking)
    assert frame.pace_s() == seconds
