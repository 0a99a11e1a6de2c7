"""A class that watches together looks rarer, each of its browsers."""

import pytest

from tests.pages.states import running
from ui import polling


@pytest.mark.parametrize(("browsers", "seconds"), [(1, 0.9), (9, 0.9), (30, 10.0), (300, 15.0)])
def test_the_more_browsers_the_rarer_each_looks(monkeypatch, browsers, seconds):
    monkeypatch.setattr(polling, "num_browsers", lambda: browsers)
    assert polling.pace_s() == seconds


@pytest.mark.parametrize(("title", "module"), [("Data", "ui.polling"), ("Train", "ui.polling"), ("Runs", "ui.runs.page")])
def test_a_page_asks_how_often_it_may_look_while_something_trains(open_page, lab, trainer, monkeypatch, title, module):
    asked = []
    monkeypatch.setattr(f"{module}.pace_s", lambda: asked.append(None) or 0.5)
    open_page(title)
    assert not asked
    running(lab, trainer)
    open_page(title)
    assert asked


def test_curves_are_looked_at_more_rarely_than_the_progress_but_no_crowd_waits_longer(open_page, lab, trainer, monkeypatch):
    asked = []
    fragment = polling.st.fragment

    def noted(draw, run_every):
        asked.append(run_every)
        return fragment(draw, run_every=run_every)

    monkeypatch.setattr(polling.st, "fragment", noted)
    running(lab, trainer)
    for pace, expected in ((1.0, {1.0, 3.0}), (10.0, {10.0, 15.0})):
        monkeypatch.setattr(polling, "pace_s", lambda pace=pace: pace)
        open_page("Train")
        assert set(asked) == expected
        asked.clear()
