"""A run that was cut off ends with the weights of one that was not, bit for bit. Real, tiny trainings."""

import os
import random
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from core.errors import RunMissing
from core.network import model
from core.recipe import OPTIMIZERS, Recipe
from core.runs import events
from core.runs.paths import optimizer_path, weights_path
from core.store import Store
from core.training.checkpoint import Checkpoint
from core.training.control import Control
from core.training.job import TrainingJob
from core.training.learner import Learner
from core.training.studio import Studio
from core.training.trainer import train
from tests.fakes import ended, until
from tests.runs import TINY

# Everything that a break could lose: moments, moving averages, dropout, drawn digits, a schedule that looks back.
RECIPE = TINY.changed(
    filters_1=2,
    filters_2=2,
    dropout_conv=0.3,
    optimizer="nadam",
    schedule="plateau",
    plateau_patience=1,
    plateau_factor=0.5,
    styles=0.5,
    epochs=3,
    learning_rate=0.05,
)
FIGURES = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "partial")


class Cut(BaseException):
    """The process ends here."""


def weights(folder, epoch=RECIPE.epochs):
    return np.concatenate([each.ravel() for each in model.load_weights(weights_path(folder, epoch))])


def published(run, *, cut_after=None):
    """The run's epochs. Cut as if the process ended when the files of an epoch are written and its line in the record is not."""
    epochs = []

    def publish(event):
        if isinstance(event, events.EpochEnded):
            if event.epoch.epoch == cut_after:
                raise Cut
            epochs.append(event)

    try:
        train(run, Control(), publish)
    except Cut:
        pass
    return epochs


def gone_on(run, epochs):
    losses, accuracies = (tuple(getattr(each.epoch, name) for each in epochs) for name in ("val_loss", "val_accuracy"))
    return replace(run, done=len(epochs), val_losses=losses, val_accuracies=accuracies)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nothing cut, and its epochs."""
    run = TrainingJob("whole", "whole", RECIPE, tmp_path_factory.mktemp("whole"))
    return run, published(run)


def test_a_run_that_goes_on_ends_as_one_that_was_never_cut(whole, tmp_path):
    run, expected = whole
    cut = replace(run, folder=tmp_path)
    before = published(cut, cut_after=2)
    assert [event.epoch.epoch for event in before] == [1] and weights_path(tmp_path, 2).exists()
    after = published(gone_on(cut, before))
    np.testing.assert_array_equal(weights(tmp_path), weights(run.folder))
    for ours, theirs in zip([*before, *after], expected, strict=True):
        assert ours.step == theirs.step
        assert [getattr(ours.epoch, name) for name in FIGURES] == [getattr(theirs.epoch, name) for name in FIGURES]
        np.testing.assert_array_equal(ours.probabilities, theirs.probabilities)
    assert after[0].active_s > before[0].active_s


def test_a_rate_that_was_changed_in_the_middle_of_an_epoch_is_changed_again_after_a_break(whole, tmp_path):
    changed = replace(whole[0], recipe=RECIPE.changed(epochs=2), folder=tmp_path / "whole", rate_changes=((15, 0.5), (30, 3.0)))
    published(changed)
    cut = replace(changed, folder=tmp_path / "cut")
    published(gone_on(cut, published(cut, cut_after=2)))
    np.testing.assert_array_equal(weights(cut.folder, 2), weights(changed.folder, 2))
    assert (weights(cut.folder, 1) != weights(whole[0].folder, 1)).any()


def test_only_the_newest_epoch_keeps_what_the_optimiser_needs(whole):
    assert [path.name for path in whole[0].folder.glob("opt*")] == ["optimizer-003.npz"]
    assert len(list(whole[0].folder.glob("epoch*"))) == RECIPE.epochs


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimiser_s_state_comes_back(optimizer, tmp_path):
    run = TrainingJob("a", "mine-1", RECIPE.changed(optimizer=optimizer), tmp_path)

    def checkpoint(made):
        learner = Learner(run.recipe)
        return Checkpoint(learner.model, learner.optimizer, made)

    before, after = checkpoint(run), checkpoint(replace(run, done=1))
    before.optimizer.apply([variable.value * 0 + 0.1 for variable in before.model.trainable_variables])
    before.keep(1, 12.5, whole=True)
    assert after.restore(step=23) == 12.5
    for kind in (lambda kept: kept.optimizer.variables, lambda kept: kept.model.weights):
        for ours, theirs in zip(kind(after), kind(before), strict=True):
            np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:200])], ids=["gone", "short"]
)
def test_without_the_optimiser_s_file_it_says_so_and_what_to_do(whole, tmp_path, damage):
    run = replace(whole[0], folder=tmp_path, done=1)
    learner = Learner(run.recipe)
    checkpoint = Checkpoint(learner.model, learner.optimizer, run)
    checkpoint.keep(1, 0.0, whole=True)
    damage(optimizer_path(tmp_path, 1))
    with pytest.raises(RunMissing, match="state of whole after epoch 1 is gone or damaged, .* weights are kept: start"):
        checkpoint.restore(step=23)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_a_random_moment_it_is_interrupted_goes_on_and_ends_as_if_nothing_had_been(whole, data_dir, seed):
    sets = [part for name, (value, _) in RECIPE.differences(Recipe()).items() for part in ("--set", f"{name}={value}")]
    moments = random.Random(seed).randint(2, 9)  # of the progress bar's
    command = [sys.executable, "-m", "core", "train", *sets]
    terminal = {**os.environ, "FORCE_COLOR": "1"}  # for rich, which draws the bar on a terminal only
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=terminal) as process:
        while moments and (read := process.stdout.read(1)):
            moments -= read == b"\r"
        process.kill()
    studio = Studio(Store(data_dir))
    run = studio.newest()
    assert (run.state, run.recipe) == ("interrupted", RECIPE)
    run = until(studio, studio.go_on(run.run_id), ended)
    assert (run.state, len(run.epochs)) == ("finished", RECIPE.epochs)
    np.testing.assert_array_equal(weights(studio.store.runs.folder(run.run_id)), weights(whole[0].folder))
    assert studio.close()
    studio.store.close()
