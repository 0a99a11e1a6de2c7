"""A finished run says what was forecast for it beside what it took: on the Lab, on Train and on its own page."""

import pytest

from core.store import Speed
from core.system import machine
from tests.pages.reading import text
from tests.pages.states import SMALL, finished, stopped


@pytest.fixture
def forecast_of(lab):
    """Has this machine start up in so many seconds, and need next to none for the rest."""

    def forecast_of(seconds):
        for arithmetic in ("float32", "mixed_bfloat16"):
            lab.store.speeds.save(machine.name(), SMALL.architecture, arithmetic, Speed(1e15, 1e-6, seconds))

    return forecast_of


def said(open_page, run):
    return [text(open_page(*page[:1], **page[1])) for page in (("Lab", {}), ("Train", {}), ("Runs", {"run": run.name}))]


def test_a_finished_run_says_what_was_said_and_what_it_took(open_page, lab, trainer, forecast_of):
    forecast_of(12.0)
    run = finished(lab, trainer)
    assert run.expected_s == pytest.approx(12.0, abs=0.1) and run.active_s == 3.0
    on_lab, on_train, own_page = said(open_page, run)
    assert "said about 10 s, took 3 s" in on_lab
    assert f"**{run.name}** has finished after 3 s (said about 10 s)." in on_train
    assert "said about 10 s" in own_page


def test_a_run_that_was_stopped_or_has_no_forecast_says_nothing_of_it(open_page, lab, trainer, forecast_of):
    forecast_of(12.0)
    run = stopped(lab, trainer)
    assert not any("said about" in each for each in said(open_page, run))


def test_a_run_from_before_forecasts_were_kept_says_nothing_of_one(open_page, lab, trainer, monkeypatch):
    monkeypatch.setattr("core.training.forecast.seconds", lambda *given: None)
    run = finished(lab, trainer)
    assert run.expected_s == 0
    assert not any("said about" in each for each in said(open_page, run))


def test_more_epochs_make_the_forecast_void(lab, trainer, forecast_of):
    forecast_of(12.0)
    run = finished(lab, trainer)
    longer = lab.studio.go_on(run.run_id, more_epochs=2)
    assert longer.expected_s == 0 and lab.store.runs.load(run.run_id).expected_s == 0
