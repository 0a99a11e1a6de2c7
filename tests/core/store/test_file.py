"""What only SQLite's file can do, or suffer."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from core.errors import StoreError
from core.recipe import Recipe
from core.store import Store


@pytest.fixture(autouse=True)
def database(monkeypatch):
    monkeypatch.delenv("DIGITLAB_DATABASE_URL", raising=False)


def test_something_else_is_told_in_a_sentence(tmp_path):
    (tmp_path / "digitlab.db").write_text("not a database, but long enough to look at" * 50)
    with pytest.raises(StoreError, match="record of runs cannot be used: file is not a database"):
        Store(tmp_path)


def test_the_url_in_the_environment_names_it(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITLAB_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere.db'}")
    Store(tmp_path).close()
    assert (tmp_path / "elsewhere.db").exists() and not (tmp_path / "digitlab.db").exists()


def test_a_file_that_was_deleted_under_the_server_is_noticed_and_can_be_put_back(store, tmp_path):
    run = store.runs.create(Recipe(), "mine")
    (tmp_path / "digitlab.db").rename(tmp_path / "away.db")
    with pytest.raises(StoreError, match="was deleted or replaced under the running server. Put it back, or start"):
        store.runs.all()
    with pytest.raises(StoreError, match="was deleted or replaced"):
        store.runs.create(Recipe(), "mine")
    (tmp_path / "away.db").rename(tmp_path / "digitlab.db")
    assert [row.run_id for row in store.runs.all()] == [run.run_id]


def test_readers_and_the_writer_share_it(store):
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_one_that_may_only_be_read_is_read_and_a_write_is_told(store, tmp_path, monkeypatch):
    run = store.runs.create(Recipe(), "mine")
    monkeypatch.setenv("DIGITLAB_DATABASE_URL", f"sqlite:///file:{tmp_path / 'digitlab.db'}?mode=ro&uri=true")
    reader = Store(tmp_path)
    assert reader.runs.load(run.run_id).name == "mine-1"
    with pytest.raises(StoreError, match=f"It is read-only: make {tmp_path} writable"):
        reader.verdicts.save("digits", 1, "fine")
    reader.close()


def test_one_that_another_program_holds_is_told_and_works_again_after(store, tmp_path, monkeypatch):
    monkeypatch.setattr("core.store.database.BUSY_MS", 50)
    hurried = Store(tmp_path)
    with closing(sqlite3.connect(tmp_path / "digitlab.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="database is locked. Another program holds it"):
            hurried.runs.create(Recipe(), "mine")
        other.rollback()
    assert hurried.runs.create(Recipe(), "mine").name == "mine-1"
    hurried.close()


def test_today_s_version_opens_without_alembic(store, tmp_path):
    script = "import pathlib, sys; from core.store import Store; Store(pathlib.Path(sys.argv[1])); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert "core.store.migrations" in done.stdout.split() and "alembic" not in done.stdout.split()
