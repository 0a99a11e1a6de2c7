"""An older database becomes today's, and a copy of it is kept."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from core.drawing.labelled import NOT_A_DIGIT
from core.recipe import Recipe
from core.store import Opening, Speed, Store, migrations, tables
from core.store.database import Database

VERSION_1 = Path(__file__).with_name("version_1.sql")  # as Digit Lab wrote it before it had migrations


@pytest.fixture
def old(tmp_path, database):
    """The folder of a Digit Lab of version 1, with a run of two epochs."""
    statements = [part.strip() for part in VERSION_1.read_text().split(";\n") if part.strip()]
    engine = sa.create_engine(Database.url(tmp_path))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
    return tmp_path


def differences(store):
    with store.database.reading() as connection:
        return compare_metadata(MigrationContext.configure(connection), tables.metadata)


def test_the_migrations_make_the_tables_that_a_new_database_has(tmp_path, monkeypatch):
    monkeypatch.setattr(Database, "_bring_up_to_date", lambda self, connection: migrations.upgrade(connection, 0))
    store = Store(tmp_path)
    assert differences(store) == []
    store.close()


def test_a_new_database_has_the_tables(store):
    assert differences(store) == []


def test_an_old_database_is_upgraded_and_keeps_what_it_holds(old):
    store = Store(old)
    assert differences(store) == []
    (row,) = store.runs.all()
    run = store.runs.load(row.run_id)
    assert (run.name, run.state, run.left_out, run.parent_id, run.diverged) == ("recipe-1", "running", (4,), None, False)
    assert [(epoch.epoch, epoch.val_accuracy) for epoch in run.epochs] == [(1, 0.91), (2, 0.92)]
    assert run.recipe == Recipe(leave_out_faults=True) and run.expected_s == 0
    assert store.verdicts.of("digits") == {4: "fault"}
    assert store.speeds.of("a machine") == {("recipe", "auto"): Speed(1e9, 0.01, 3.0)}
    assert store.test_openings.all() == [Opening(run.run_id, 2, 1.7e9, 9900, 10000)]
    store.annotations.change(row.run_id, name="wide")
    assert [each.handle for each in store.runs.all()] == ["recipe-1"]
    assert store.runs.create(Recipe(), "mine").name == "mine-2"
    store.close()
    Store(old).close()  # and is left alone from now on


def test_a_copy_of_the_old_one_is_kept(old, database):
    Store(old).close()
    if database == "sqlite":
        engine, schema = sa.create_engine(f"sqlite:///{old / 'digitlab-version-1.db'}"), "main"
        assert {path.suffix for path in old.glob("*version-1*")} == {".db"}
    else:
        engine, schema = sa.create_engine(Database.url(old)), "digitlab_version_1"
    with engine.connect() as connection:
        kept = [connection.exec_driver_sql(f"SELECT * FROM {schema}.{name}").all() for name in ("schema", "runs", "epochs")]
    engine.dispose()
    assert kept[0] == [(1,)]
    assert [len(row) for row in kept[1]] == [13] and len(kept[2]) == 2


def test_an_upgrade_that_breaks_off_leaves_the_old_database_as_it_was(old, monkeypatch):
    upgrade = migrations.upgrade

    def broken(connection, version):
        upgrade(connection, version)
        raise KeyboardInterrupt

    with monkeypatch.context() as at:
        at.setattr(migrations, "upgrade", broken)
        with pytest.raises(KeyboardInterrupt):
            Store(old)
    engine = sa.create_engine(Database.url(old))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version FROM schema").scalar() == 1
        assert len(connection.exec_driver_sql("SELECT * FROM runs").one()) == 13
    engine.dispose()
    Store(old).close()


def test_the_drawings_of_version_7_stay_digits_and_can_be_called_something_else(tmp_path, database):
    engine = sa.create_engine(Database.url(tmp_path))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        connection.execute(tables.schema.insert().values(version=7))
        columns = "person, digest, digit, glyph, picture, strokes, run_id, time"
        rows = [{"digest": str(digit), "digit": digit, "glyph": bytes([digit + 1]) * 784, "none": b""} for digit in (7, 8)]
        connection.execute(
            sa.text(f"INSERT INTO drawings ({columns}) VALUES ('Ana', :digest, :digit, :glyph, :none, '', 'r', 1)"), rows
        )
    engine.dispose()
    store = Store(tmp_path)
    assert differences(store) == []
    assert store.drawings.hand(person="Ana").digits.tolist() == [7, 8]
    _, eight = store.drawings.all(person="Ana")
    store.drawings.relabel(eight.drawing_id, NOT_A_DIGIT)
    assert [each.label for each in store.drawings.all(person="Ana")] == [7, NOT_A_DIGIT]
    row = store.drawings.delete(eight.drawing_id)
    again = store.drawings.add(store.drawings.hand(person="Ana").images[0], 7, person="Bob")
    assert again.drawing_id > row["drawing_id"], "no number is given twice"
    store.close()
