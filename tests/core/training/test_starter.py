"""The starter network: made by one call, it answers with no run in the record, and a failure leaves the one that was there."""

import json

import numpy as np
import pytest

from core.errors import DigitLabError
from core.metrics import accuracy_interval
from core.network.predictor import Predictor
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.runs.snapshot import RunSnapshot
from core.store import starter
from core.training.starter import make

TINY = Recipe(architecture="compact", filters_1=4, filters_2=8, filters_3=8, filters_4=8, epochs=2, schedule="one-cycle")
MEGABYTE = 1_000_000


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty place for the starter network."""
    monkeypatch.setattr(starter, "FOLDER", tmp_path / "starter")
    return tmp_path / "starter"


@pytest.fixture
def made(folder):
    seen = []
    run = make(TINY, seen.append)
    assert seen[-1].state == run.state == "finished" and len(seen[-1].epochs) == 2
    assert run.epochs == seen[-1].epochs[1:]
    return run


def test_without_its_files_there_is_none(folder):
    assert starter.network() is starter.training() is None


def test_it_answers_as_the_training_did_and_is_in_no_record(made, store):
    network = store.runs.load(starter.RUN_ID)
    assert network.recipe == TINY and network.served_epoch == made.best_epoch and network.num_validation == 360
    images = np.random.default_rng(0).random((20, 28, 28), np.float32)
    answers = Predictor(store).probabilities(network, images)
    assert answers.shape == (20, 10) and np.allclose(answers.sum(axis=1), 1, atol=1e-4) and np.ptp(answers) > 0.01
    assert store.runs.all() == []


def test_how_it_was_trained_is_kept_to_be_looked_at(made):
    shown = starter.training()
    assert [each.epoch for each in shown.epochs] == [1, 2] and shown.epochs[-1] == made.best_epoch
    assert shown.step == 2 * shown.steps_per_epoch and shown.curve[-1, 0] == shown.step


def test_it_keeps_the_last_epoch_and_not_the_luckiest(folder, monkeypatch):
    monkeypatch.setattr(RunSnapshot, "best_epoch", property(lambda run: run.epochs[0] if run.epochs else None))
    assert make(TINY, lambda run: None).epochs[0].epoch == 2
    assert [path.name for path in folder.glob("epoch-*.npz")] == ["epoch-002.npz"]
    assert json.loads((folder / "figures.json").read_text())["epochs"][-1]["epoch"] == 2


def test_it_names_the_built_in_digits_where_its_own_data_are_missing(made, folder, data_dir):
    path = folder / "figures.json"
    path.write_text(path.read_text().replace('"dataset": "digits"', '"dataset": "mnist"'))
    assert starter.network().recipe == TINY  # what is measured with it is measured on images that are there


def test_a_failed_training_leaves_the_network_that_was_there(made, folder):
    before = weights_path(folder, made.best_epoch.epoch).read_bytes()
    with pytest.raises(DigitLabError, match="fewer than one batch"):
        make(TINY.changed(batch_size=2048), lambda run: None)
    assert weights_path(folder, made.best_epoch.epoch).read_bytes() == before


def test_the_one_that_comes_with_the_project_is_small_and_good():
    network = starter.network()
    figures = json.loads((starter.FOLDER / "figures.json").read_text())
    assert {"recipe", "epochs", "steps", "num_validation", "versions"} <= set(figures)
    assert sum(path.stat().st_size for path in starter.FOLDER.iterdir()) < MEGABYTE
    assert len(starter.training().epochs) == network.recipe.epochs and len(starter.training().curve) > 100
    best = network.best_epoch
    assert accuracy_interval(best.val_accuracy, network.num_validation).low > 0.99
