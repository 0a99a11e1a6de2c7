"""A class that watches together looks rarer, each of its browsers."""

from types import SimpleNamespace

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from tests.pages.states import running
from ui import frame, session


@pytest.mark.parametrize(("browsers", "seconds"), [(1, 0.9), (9, 0.9), (30, 10.0), (300, 15.0)])
def test_the_more_browsers_the_rarer_each_looks(monkeypatch, browsers, seconds):
    server = SimpleNamespace(_session_mgr=SimpleNamespace(list_active_sessions=lambda: [None] * browsers))
    monkeypatch.setattr(session, "exists", lambda: True)
    monkeypatch.setattr(session, "get_instance", lambda: server)
    assert frame.pace_s() == seconds


def test_streamlit_still_keeps_its_sessions_where_they_are_counted():
    assert "_session_mgr" in Runtime.__init__.__code__.co_names and hasattr(WebsocketSessionManager, "list_active_sessions")


@pytest.mark.parametrize(("title", "module"), [("Data", "ui.frame"), ("Train", "ui.frame"), ("Runs", "ui.runs.page")])
def test_a_page_asks_how_often_it_may_look_while_something_trains(open_page, lab, trainer, monkeypatch, title, module):
    asked = []
    monkeypatch.setattr(f"{module}.pace_s", lambda: asked.append(None) or 0.5)
    open_page(title)
    assert not asked
    running(lab, trainer)
    open_page(title)
    assert asked
