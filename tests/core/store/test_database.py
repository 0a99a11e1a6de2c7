"""Opening the record: what is made, what is refused, and in which words."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
import sqlalchemy as sa

from core.errors import StoreError, StoreTooNew
from core.recipe import Recipe
from core.store import Store, tables

NOBODY = "postgresql+psycopg://digitlab:secret@127.0.0.1:1/nothing"


def version(store):
    with store.database.reading() as connection:
        return connection.execute(sa.select(tables.schema.c.version)).scalar()


def test_a_database_from_the_future_is_refused_and_left_alone(store, tmp_path):
    with store.database.writing() as connection:
        connection.execute(tables.schema.update().values(version=99))
    with pytest.raises(StoreTooNew, match=f"has version 99, this Digit Lab knows up to {tables.VERSION}. Start the newer"):
        Store(tmp_path)
    assert version(store) == 99


def test_it_can_be_opened_by_many_at_once(store, tmp_path):
    others = [Store(tmp_path) for _ in range(4)]
    run = others[0].runs.create(Recipe(), "mine")
    assert {other.runs.load(run.run_id).name for other in others} == {"mine-1"}
    for other in others:
        other.close()


def test_those_who_write_in_one_process_take_turns(store, tmp_path, monkeypatch):
    """SQLite lets writers wait without order: the last of several would be told that the database is locked."""
    monkeypatch.setattr("core.store.database.BUSY_MS", 1)
    patient = Store(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        with patient.database.writing() as connection:
            connection.execute(tables.schema.update().values(version=tables.VERSION))
            waiting = [pool.submit(patient.runs.create, Recipe(), "mine") for _ in range(2)]
            assert not wait(waiting, timeout=0.2).done
        assert {each.result().name for each in waiting} == {"mine-1", "mine-2"}
    patient.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "is not a database URL. Write it like postgresql"),
        ("strange://somewhere/name", "is not a database URL"),
        ("mysql+oursql_of_nobody://somewhere/name", "is not a database URL"),
        ("mysql+pymysql://somewhere/name", r"driver is not installed \(pymysql\). Install it"),
        (NOBODY, "Is the database server running, and is DIGITLAB_DATABASE_URL right?"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_a_sentence(tmp_path, monkeypatch, url, words):
    monkeypatch.setenv("DIGITLAB_DATABASE_URL", url)
    with pytest.raises(StoreError, match=words) as told:
        Store(tmp_path)
    assert "secret" not in str(told.value)
