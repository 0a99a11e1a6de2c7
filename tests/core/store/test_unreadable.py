"""A row of a run that is damaged, or that a newer version wrote: that run is named with the reason, all others are read."""

import json

import pytest
import sqlalchemy as sa

from core.errors import RunUnreadable
from core.recipe import Recipe
from tests.fakes import ScriptedTrainer, ended, until
from tests.runs import trained

# What is wrong -> what is done to the run's rows, and words of the reason. SQLite takes text where a number belongs.
DAMAGE = {
    "a field of a newer version": (
        {"recipe": '{"dataset": "digits", "newer_field": 1}'},
        "There is no recipe field 'newer_field'",
    ),
    "a value out of bounds": ({"recipe": '{"epochs": 1000}'}, "Epochs is 1000; it must be"),
    "no JSON": ({"recipe": "}"}, "not valid JSON"),
    "rate changes that are none": ({"rate_changes": "x"}, "Its rate changes are 'x'"),
    "a rate change without its factor": ({"rate_changes": "[[1]]"}, "Its rate changes are"),
    "a state of a newer version": ({"state": "dreaming"}, "Its state is 'dreaming'"),
}


@pytest.fixture
def runs(store):
    """The store with three runs of two epochs, and the id of the one in the middle."""
    return store, [trained(store).run_id for _ in range(3)][1]


def change(store, run_id, values):
    with store.database.writing() as connection:
        names = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(sa.text(f"UPDATE runs SET {names} WHERE run_id = :run_id"), values | {"run_id": run_id})


@pytest.mark.parametrize(("values", "words"), DAMAGE.values(), ids=DAMAGE)
def test_one_damaged_row_is_named_with_its_reason_and_all_others_are_there(runs, values, words):
    store, run_id = runs
    change(store, run_id, values)
    assert [row.name for row in store.runs.all()] == ["mine-3", "mine-1"]
    (unreadable,) = store.runs.read()[1]
    assert unreadable.run_id == run_id and unreadable.name == "mine-2" and words in unreadable.why
    with pytest.raises(RunUnreadable, match="mine-2 cannot be read"):
        store.runs.load(run_id)
    assert json.loads(json.dumps(store.runs.raw(run_id)))["name"] == "mine-2" and len(store.runs.raw(run_id)["epochs"]) == 2


def test_a_missing_epoch_is_named(runs):
    store, run_id = runs
    with store.database.writing() as connection:
        connection.execute(sa.text("DELETE FROM epochs WHERE run_id = :run_id AND epoch = 1"), {"run_id": run_id})
    assert [each.why for each in store.runs.read()[1]] == ["Its epoch 1 is missing."]
    with pytest.raises(RunUnreadable, match="mine-2 cannot be read. Its epoch 1 is missing."):
        store.runs.load(run_id)


def test_text_where_a_number_belongs_is_named(runs, database):
    if database != "sqlite":
        return  # PostgreSQL refuses to write it
    store, run_id = runs
    change(store, run_id, {"active_s": "long"})
    assert [each.why for each in store.runs.read()[1]] == ["It has 'long' as active_s, which must be a number."]
    with store.database.writing() as connection:
        connection.execute(sa.text("UPDATE epochs SET val_loss = 'x' WHERE run_id = :run_id AND epoch = 2"), {"run_id": run_id})
    with pytest.raises(RunUnreadable, match="Its epoch 2 has 'x' as val_loss, which must be a number."):
        store.runs.load(run_id)


def test_it_can_be_thrown_away_and_taken_back(runs):
    store, run_id = runs
    change(store, run_id, {"recipe": "{}x", "state": "finished"})
    store.bin.put([run_id])
    assert store.runs.read()[1] == [] and [row.name for row in store.bin.all()] == ["mine-2"]
    store.bin.restore([run_id])
    assert len(store.runs.read()[1]) == 1


def test_the_newest_run_that_can_be_read_is_shown(make_studio):
    trainer = ScriptedTrainer(free=True)
    studio = make_studio(trainer)
    runs = [until(studio, studio.submit(Recipe(epochs=2)), ended) for _ in range(2)]
    change(studio.store, runs[1].run_id, {"state": "dreaming"})
    again = make_studio(trainer)
    assert again.newest().run_id == runs[0].run_id
