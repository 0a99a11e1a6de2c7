"""A record of runs that cannot be used, in part or at all: one sentence on each page, and nothing else is lost."""

import sqlite3
from contextlib import closing

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.system import paths
from tests.pages.conftest import PATHS, ROOT
from tests.pages.reading import PYTHON, text
from tests.pages.states import finished


def sql(folder, statement):
    with closing(sqlite3.connect(folder / "digitlab.db")) as connection, connection:
        connection.execute(statement)


def newer(folder, monkeypatch):
    paths.data_dir()
    sql(folder, "CREATE TABLE schema (version INTEGER)")
    sql(folder, "INSERT INTO schema VALUES (99)")
    return "The record of runs has version 99"


def garbage(folder, monkeypatch):
    (folder / "digitlab.db").write_bytes(b"no database" * 1000)
    return "The file is damaged: restore a copy of it"


def setting(folder, monkeypatch):
    monkeypatch.setenv("DIGITLAB_MAX_EPOCHS", "abc")
    return "DIGITLAB_MAX_EPOCHS is 'abc'; it must be a whole number"


def away(folder, monkeypatch):
    monkeypatch.setenv("DIGITLAB_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    return "Is the database server running"


def a_file(folder, monkeypatch):
    (folder / "taken").write_text("")
    monkeypatch.setenv("DIGITLAB_DATA_DIR", str(folder / "taken"))
    return "cannot be made: a file has that name"


@pytest.mark.parametrize("title", PATHS)
@pytest.mark.parametrize("broken", [newer, garbage, setting, away, a_file])
def test_without_a_record_each_page_is_its_sentence_alone(data_dir, monkeypatch, caplog, title, broken):
    sentence = broken(data_dir, monkeypatch)
    st.cache_resource.clear()
    monkeypatch.setattr("ui.browser.people.kept_name", lambda: "")
    visit = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    visit.switch_page(PATHS[title])
    visit._run()
    assert [error.value for error in visit.error] and sentence in visit.error[0].value
    assert not visit.exception and "Traceback" not in caplog.text


@pytest.mark.parametrize("title", PATHS)
def test_one_damaged_run_shuts_no_page(open_page, lab, trainer, title):
    finished(lab, trainer)
    damaged = finished(lab, trainer)
    lab.studio.adopt(damaged, [])  # the newest
    sql(lab.store.folder, f"UPDATE runs SET recipe = '{{\"newer_field\": 1}}' WHERE run_id = '{damaged.run_id}'")
    lab.studio._live_runs.forget([damaged.run_id])  # as after a restart of the server
    visit = open_page(title, run="mine-2")
    assert not visit.error and not PYTHON.findall(text(visit))


def test_a_damaged_run_is_named_on_runs_and_can_be_deleted_there_and_taken_back(open_page, lab, trainer):
    damaged = finished(lab, trainer)
    sql(lab.store.folder, f"UPDATE runs SET state = 'dreaming' WHERE run_id = '{damaged.run_id}'")
    lab.studio._live_runs.forget([damaged.run_id])
    page = open_page("Runs")
    assert "1 run that cannot be read" in text(page)
    assert "**mine-1** Its state is 'dreaming', which this Digit Lab does not know." in text(page)
    page.button(key=f"unreadable-delete-{damaged.run_id}").click().run()
    assert "cannot be read" not in text(page) and "mine-1 is in the bin." in text(page)
    page.button(key="undo-delete").click().run()
    assert "1 run that cannot be read" in text(page)
