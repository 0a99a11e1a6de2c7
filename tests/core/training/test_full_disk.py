"""A full disk, a record that may only be read, one that another program holds: told in a sentence, nothing damaged."""

import os
import sqlite3
import subprocess

import numpy as np
import pytest

from core.errors import StoreError
from core.network import model
from core.recipe import Recipe
from core.runs.paths import weights_path
from tests.conftest import absent
from tests.fakes import ScriptedTrainer, ended, until

RECIPE = Recipe(epochs=40)
WEIGHTS = [np.arange(25_000, dtype=np.float32)]  # 100 kB an epoch


@pytest.fixture(autouse=True)
def only_the_file(monkeypatch):
    monkeypatch.delenv("DIGITLAB_DATABASE_URL", raising=False)


@pytest.fixture
def small_disk(tmp_path):
    """A folder with room for two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, text=True)
    if mount.returncode:
        absent(f"mounts a small disk, which takes root: {mount.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture
def studio_on(make_studio):
    def make(folder):
        trainer = ScriptedTrainer(free=True)
        trainer.keep = lambda run, epoch: model.save_weights(WEIGHTS, weights_path(run.folder, epoch))
        return make_studio(trainer, folder)

    return make


def whole(store, run):
    """Every epoch in the record has its files, and they are whole."""
    for epoch in run.epochs:
        np.testing.assert_array_equal(model.load_weights(weights_path(store.runs.folder(run.run_id), epoch.epoch)), WEIGHTS)
        assert store.runs.probabilities(run.run_id, epoch.epoch) is not None
    return len(run.epochs)


def test_on_a_full_disk_a_run_says_so_keeps_its_epochs_and_goes_on_once_there_is_room(small_disk, studio_on):
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    studio = studio_on(small_disk)
    run = until(studio, studio.submit(RECIPE), ended)
    assert run.state == "failed"
    assert "free some space, then" in run.message.lower()
    assert 3 <= whole(studio.store, run) < RECIPE.epochs
    assert not [name for name in os.listdir(studio.store.runs.folder(run.run_id)) if name.startswith(".")]

    again = studio_on(small_disk)  # as after a restart, with the disk still full
    assert again.snapshot(run.run_id).epochs == run.epochs
    ballast.unlink()
    longer = until(again, again.go_on(run.run_id), ended)
    assert len(longer.epochs) > len(run.epochs) == whole(again.store, run)


def test_a_disk_that_is_full_to_the_last_byte_takes_no_run_and_loses_none(small_disk, studio_on):
    studio = studio_on(small_disk)
    run = until(studio, studio.submit(RECIPE.changed(epochs=1)), ended)
    with pytest.raises(OSError):
        (small_disk / "ballast").write_bytes(bytes(4_000_000))
    with pytest.raises(StoreError, match="database or disk is full. The disk is full: free some space, then try again."):
        for _ in range(1000):
            studio.store.verdicts.save("digits", 1, "fine")
            studio.store.runs.create(RECIPE, "mine")
    (small_disk / "ballast").unlink()
    assert whole(studio.store, studio.store.runs.load(run.run_id)) == 1
    with studio.store.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert until(studio, studio.submit(RECIPE.changed(epochs=1)), ended).state == "finished"


def test_a_record_that_another_program_holds_for_a_while_gets_the_epochs_after(tmp_path, studio_on, monkeypatch):
    monkeypatch.setattr("core.store.database.BUSY_MS", 50)
    studio = studio_on(tmp_path)
    other = sqlite3.connect(tmp_path / "digitlab.db", isolation_level=None, check_same_thread=False)

    def hold(step):
        if step == 25:
            other.execute("BEGIN IMMEDIATE")

    studio._train.before_step = hold
    run = until(studio, studio.submit(RECIPE.changed(epochs=4)), ended)
    assert run.state == "finished" and [epoch.epoch for epoch in run.epochs] == [1, 2, 3, 4]
    assert "database is locked. Another program holds it: close that one" in run.unwritten
    assert whole(studio.store, studio.store.runs.load(run.run_id)) == 2
    other.execute("ROLLBACK")
    other.close()
    studio.tend()
    assert whole(studio.store, studio.store.runs.load(run.run_id)) == 4
    assert studio.snapshot(run.run_id).unwritten == "" and studio.store.runs.load(run.run_id).state == "finished"


def test_a_record_that_may_only_be_read_shows_its_runs_and_takes_no_new_one(tmp_path, studio_on, monkeypatch):
    studio = studio_on(tmp_path)
    run = until(studio, studio.submit(RECIPE.changed(epochs=1)), ended)
    cut = studio.store.runs.create(RECIPE, "mine")  # would be marked as interrupted
    monkeypatch.setenv("DIGITLAB_DATABASE_URL", f"sqlite:///file:{tmp_path / 'digitlab.db'}?mode=ro&uri=true")
    reader = studio_on(tmp_path)
    assert reader.snapshot(run.run_id).epochs == run.epochs
    assert reader.snapshot(cut.run_id).state == "interrupted" and reader.current() is None
    with pytest.raises(StoreError, match="It is read-only: make .* writable"):
        reader.submit(RECIPE)
    assert {row.run_id for row in reader.store.runs.all()} == {run.run_id, cut.run_id}
