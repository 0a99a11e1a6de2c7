"""A class that watches together looks rarer, each of its browsers."""

from types import SimpleNamespace

import pytest

from ui import frame, session


@pytest.mark.parametrize(("browsers", "seconds"), [(1, 0.5), (5, 0.5), (30, 10.0), (300, 15.0)])
def test_the_more_browsers_the_rarer_each_looks(monkeypatch, browsers, seconds):
    server = SimpleNamespace(_session_mgr=SimpleNamespace(list_active_sessions=lambda: [None] * browsers))
    monkeypatch.setattr(session, "exists", lambda: True)
    monkeypatch.setattr(session, "get_instance", lambda: server)
    assert frame.pace_s() == seconds
