"""Runs that go on and runs that branch off, with a trainer that follows a script."""

import os
from dataclasses import replace

import numpy as np
import pytest

from core.errors import DigitLabError, Diverged, RecipeError, RunMissing, StoreError, TrainingError
from core.network import model
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.store import Store
from core.system.process import identity
from core.training.studio import Studio
from tests.fakes import SOON_S, ScriptedTrainer, ended, until

SMALL = Recipe(architecture="compact", filters_1=2, filters_2=2, filters_3=2, filters_4=2, epochs=2)


class Recorder(ScriptedTrainer):
    """Remembers what it was handed, and leaves its epoch's number as the weights."""

    def __init__(self):
        super().__init__(free=True)
        self.handed = []
        self.keep = lambda run, epoch: model.save_weights([np.array([epoch], np.float32)], weights_path(run.folder, epoch))

    def __call__(self, run, control, publish):
        self.handed.append(run)
        super().__call__(run, control, publish)


@pytest.fixture
def trainer():
    return Recorder()


@pytest.fixture
def studio(make_studio, trainer):
    return make_studio(trainer)


def train(studio, recipe=SMALL):
    return until(studio, studio.submit(recipe), ended)


def fail_at(trainer, step, error):
    def before(now):
        if now == step:
            trainer.before_step = lambda now: None
            raise error

    trainer.before_step = before


def test_a_run_that_broke_off_goes_on_from_its_last_epoch(studio, trainer):
    fail_at(trainer, 13, OSError(28, "No space left on device"))
    run = train(studio)
    assert (run.state, run.step, len(run.epochs)) == ("failed", 13, 1)
    again = studio.go_on(run.run_id)
    assert again.name == run.name and again.message == ""
    again = until(studio, again, ended)
    assert (again.state, [epoch.epoch for epoch in again.epochs]) == ("finished", [1, 2])
    assert (trainer.handed[-1].done, trainer.handed[-1].val_losses) == (1, (run.epochs[0].val_loss,))
    assert (np.diff(again.curve[:, 0]) > 0).all()  # what was lost of the second epoch is not drawn twice
    written = studio.store.runs.load(run.run_id)
    assert (written.state, written.message, written.epochs) == ("finished", "", again.epochs)


def test_one_that_never_finished_an_epoch_begins_anew(studio, trainer):
    fail_at(trainer, 3, MemoryError())
    run = until(studio, studio.go_on(train(studio).run_id), ended)
    assert (run.state, trainer.handed[-1].done, run.curve[0, 0]) == ("finished", 0, 1)


def test_a_finished_run_learns_for_more_epochs_as_itself(studio, trainer):
    run = train(studio)
    longer = until(studio, studio.go_on(run.run_id, more_epochs=3), ended)
    assert (longer.run_id, longer.recipe, longer.added_epochs) == (run.run_id, SMALL.changed(epochs=5), 3)
    assert [epoch.epoch for epoch in longer.epochs] == [1, 2, 3, 4, 5] and longer.epochs[:2] == run.epochs
    written = studio.store.runs.load(run.run_id)
    assert (written.recipe, written.added_epochs) == (longer.recipe, 3)


def test_a_branch_begins_with_a_copy_of_its_parent_s_weights_and_outlives_it(studio, trainer):
    parent = train(studio)
    branch = studio.branch(parent.run_id, 1, SMALL.changed(optimizer="sgd", epochs=1))
    branch = until(studio, branch, ended)
    assert (branch.parent_id, branch.parent_epoch, len(branch.epochs)) == (parent.run_id, 1, 1)
    assert trainer.handed[-1].branched and not trainer.handed[0].branched
    studio.throw_away([parent.run_id])
    studio.store.bin.empty()
    assert model.load_weights(weights_path(studio.store.runs.folder(branch.run_id), 0)) == [1.0]
    (row,) = studio.store.runs.all()
    assert (row.parent_id, row.parent_epoch) == (parent.run_id, 1)


def test_a_run_that_diverged_goes_back_to_its_best_epoch_with_a_third_of_the_rate(studio, trainer):
    fail_at(trainer, 25, Diverged("The loss stopped being a number."))
    run = train(studio, SMALL.changed(epochs=5, learning_rate=0.03))
    assert run.diverged and studio.store.runs.load(run.run_id).diverged
    with pytest.raises(TrainingError, match="would diverge again at the same batch. Go back with a third of the learning rate"):
        studio.go_on(run.run_id)
    branch = until(studio, studio.go_back(run.run_id), ended)
    assert branch.recipe == run.recipe.changed(learning_rate=0.01, epochs=3)
    assert (branch.parent_id, branch.parent_epoch, branch.state) == (run.run_id, 2, "finished")


def test_one_that_diverged_before_its_first_epoch_goes_back_to_its_beginning(studio, trainer):
    fail_at(trainer, 5, Diverged("The loss stopped being a number."))
    run = train(studio)
    branch = until(studio, studio.go_back(run.run_id), ended)
    assert (branch.parent_epoch, trainer.handed[-1].branched, branch.recipe.epochs) == (0, False, 2)


def branching(epoch=2, **changes):
    return lambda studio, run: studio.branch(run.run_id, epoch, SMALL.changed(**changes))


@pytest.mark.parametrize(
    ("press", "error", "words"),
    [
        (lambda studio, run: studio.go_on(run.run_id), TrainingError, "has finished its 2 epochs. Add epochs to continue."),
        (lambda studio, run: studio.go_on(run.run_id, 499), RecipeError, "Epochs is 501; it must be a whole number from 1"),
        (lambda studio, run: studio.go_on("nobody"), RunMissing, "There is no run 'nobody'"),
        (branching(3), RunMissing, "has no epoch 3. Choose an epoch that it has finished"),
        (branching(split_seed=1), TrainingError, "Keep its data and split"),
        (branching(dataset="mnist"), TrainingError, "Keep its data and split"),
        (branching(filters_2=3), TrainingError, "do not fit this recipe's layers"),
        (branching(batch_norm=False), TrainingError, "do not fit this recipe's layers"),
        (branching(kernel_size=5), TrainingError, "do not fit this recipe's layers"),
        (branching(extra_convolutions=1), TrainingError, "do not fit this recipe's layers"),
    ],
)
def test_what_cannot_go_on_is_told_in_a_sentence_and_nothing_changes(studio, press, error, words):
    run = train(studio)
    with pytest.raises(error, match=words):
        press(studio, run)
    assert [row.name for row in studio.store.runs.all()] == [run.name]
    assert studio.snapshot(run.run_id).state == studio.store.runs.load(run.run_id).state == "finished"


def test_a_run_in_training_cannot_go_on_and_one_stopped_within_an_epoch_is_left_as_it_is(studio, trainer):
    trainer.step_allowed = type(trainer.step_allowed)(13)
    run = until(studio, studio.submit(SMALL), lambda run: run.step == 13)
    with pytest.raises(TrainingError, match="is still training"):
        studio.go_on(run.run_id)
    studio.stop(run.run_id)
    until(studio, run, ended)
    with pytest.raises(TrainingError, match="stopped within epoch 2, which cannot be continued. Branch off"):
        studio.go_on(run.run_id)


def test_two_servers_on_one_record_do_not_both_take_up_a_run(studio, trainer, tmp_path, monkeypatch):
    fail_at(trainer, 13, MemoryError())
    run = train(studio)
    other = Studio(Store(tmp_path), ScriptedTrainer())
    elsewhere = other.snapshot(run.run_id)
    with monkeypatch.context() as at:
        at.setattr("core.store.processes.identity", lambda: identity(os.getppid()))
        studio.store.processes.reopen(replace(run, state="queued"))
    with pytest.raises(StoreError, match="is trained by another Digit Lab on the same record. Watch it there."):
        other.go_on(run.run_id)
    assert elsewhere.state == other.snapshot(run.run_id).state == "failed"
    assert other.close(SOON_S)
    other.store.close()


def test_a_branch_whose_weights_are_gone_is_not_begun(studio):
    run = train(studio)
    weights_path(studio.store.runs.folder(run.run_id), 1).unlink()
    with pytest.raises(DigitLabError, match="weights of mine-1 after epoch 1 are gone. Choose another epoch"):
        studio.branch(run.run_id, 1, SMALL)
    assert len(studio.store.runs.all()) == 1
