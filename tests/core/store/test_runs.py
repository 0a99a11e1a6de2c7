import threading

import numpy as np
import pytest

from core.errors import RunMissing
from core.recipe import Recipe
from tests.fakes import PROBABILITIES, ScriptedTrainer
from tests.runs import trained


def discard(store, run):
    store.processes.mark_interrupted([run.run_id])
    store.bin.put([run.run_id])
    store.bin.empty()


def test_a_run_comes_back_as_it_was_written(store):
    run = trained(store, recipe=Recipe(epochs=2, batch_norm=False))
    read = store.runs.load(run.run_id)
    assert (read.name, read.recipe, read.epochs, read.step) == (run.name, run.recipe, run.epochs, run.step)
    np.testing.assert_array_equal(read.probabilities, PROBABILITIES)


def test_runs_are_numbered_on_and_listed_newest_first_with_their_best_epoch(store):
    first, second = trained(store), trained(store, num_epochs=3)
    rows = store.runs.all()
    assert [row.name for row in rows] == [second.name, first.name] == ["mine-2", "mine-1"]
    assert [row.best.epoch for row in rows] == [3, 2]


def test_numbers_are_not_given_twice_after_a_deletion_in_between(store):
    first, second = trained(store), trained(store)
    discard(store, first)
    assert store.runs.create(Recipe(), "quick").name == "quick-3"
    assert not store.runs.folder(first.run_id).exists()
    with pytest.raises(RunMissing):
        store.runs.load(first.run_id)
    assert store.runs.load(second.run_id).epochs


def test_damaged_predictions_are_gone_not_fatal(store):
    run = trained(store)
    path = store.runs.folder(run.run_id) / "validation-002.npz"
    path.write_bytes(path.read_bytes()[:100])
    assert store.runs.probabilities(run.run_id, 2) is None
    assert store.runs.load(run.run_id).epochs == run.epochs


def test_a_run_leaves_out_the_faults_that_were_known_when_it_was_submitted(store):
    store.verdicts.save("digits", 9, "fault")
    store.verdicts.save("digits", 4, "fault")
    store.verdicts.save("digits", 5, "fine")
    store.verdicts.save("mnist", 6, "fault")
    run = store.runs.create(Recipe(leave_out_faults=True), "mine")
    store.verdicts.delete("digits", 9)
    assert run.left_out == store.runs.load(run.run_id).left_out == (4, 9)
    assert store.runs.load(store.runs.create(Recipe(), "mine").run_id).left_out == ()
    discard(store, run)
    with pytest.raises(RunMissing):
        store.runs.load(run.run_id)


def test_runs_that_are_submitted_at_once_get_numbers_of_their_own(store):
    threads = [threading.Thread(target=store.runs.create, args=(Recipe(), "mine")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.number for row in store.runs.all()] == [8, 7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("cut_at", ["the rows", "a folder"])
def test_an_emptying_that_is_cut_off_is_ended_by_the_next_start(store, make_studio, monkeypatch, cut_at):
    runs = [trained(store) for _ in range(3)]
    store.processes.mark_interrupted([run.run_id for run in runs])
    store.bin.put([run.run_id for run in runs[:2]])
    with monkeypatch.context() as at:
        if cut_at == "the rows":
            at.setattr(store.bin, "finish_emptying", stop)
        else:
            at.setattr(store.files, "delete", stop)
        with pytest.raises(KeyboardInterrupt):
            store.bin.empty()
    assert store.runs.folder(runs[0].run_id).exists()
    make_studio(ScriptedTrainer())
    assert [each.run_id for each in store.runs.all()] == [runs[2].run_id]
    assert [store.runs.folder(run.run_id).exists() for run in runs] == [False, False, True]


def stop(*given):
    raise KeyboardInterrupt


def test_an_emptying_that_was_cut_off_before_the_rows_went_removes_nothing(store, make_studio, monkeypatch):
    run = trained(store)
    store.files.condemn([run.run_id, "../../etc"])
    make_studio(ScriptedTrainer())
    assert store.runs.folder(run.run_id).exists() and store.files.condemned() == []


def test_an_epoch_that_is_written_twice_is_there_once(store):
    run = trained(store)
    store.runs.save_epoch(run)
    assert store.runs.load(run.run_id).epochs == run.epochs
