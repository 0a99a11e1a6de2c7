import logging
import threading
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax

from core import network, redrawing
from core.predictor import Predictor
from core.refusals import Refusals
from core.store import Store
from core.training.run import weights_path
from core.training.snapshot import Epoch
from tests.fakes import SOON_S
from tests.pages.states import SMALL

NUM_FEATURES = 2  # of SMALL's last convolution


@pytest.fixture
def predictor(data_dir, monkeypatch):
    monkeypatch.setattr(redrawing, "_NUM_FITTED", (40, 32))
    monkeypatch.setattr(redrawing, "_NUM_HELD_OUT", (30, 16))
    store = Store(data_dir)
    yield Predictor(store)
    store.close()


@pytest.fixture
def run(predictor):
    store = predictor._store
    made = store.create_run(SMALL, "mine")
    network.save_weights(network.build(SMALL).get_weights(), weights_path(store.run_folder(made.run_id), 1))
    return replace(made, state="finished", epochs=(Epoch(1, 1.0, 0.5, 1.0, 0.5, 0.001, 1.0, 100.0),))


def test_features_are_what_the_last_layer_makes_the_answer_of(predictor, run):
    images = np.random.default_rng(0).random((501, 28, 28)).astype(np.float32)
    features = predictor.features(run, images)
    kernel, bias = predictor.last_layer(run)
    assert features.shape == (501, NUM_FEATURES) and kernel.shape == (NUM_FEATURES, 10)
    np.testing.assert_allclose(softmax(features @ kernel + bias, axis=1), predictor.probabilities(run, images), atol=1e-5)
    assert predictor.features(run, images[:0]).shape == (0, NUM_FEATURES)


def test_a_cutoff_is_measured_in_the_background_and_kept(predictor, run, tmp_path):
    refusals = Refusals(predictor, tmp_path)
    assert refusals.get(run, 1) is None and refusals.pending(run, 1)
    refusals.wait(SOON_S * 3)
    found = refusals.get(run, 1)
    assert found is refusals.get(run, 1) and not refusals.pending(run, 1)
    drawings = redrawing.held_out(run.recipe, tmp_path)
    refused = found.refuses(refusals.seen(run, 1, drawings.digits))
    assert refused.mean() == pytest.approx(found.lost.share) and found.lost.share < 0.05


def test_weights_that_are_gone_leave_it_without_a_cutoff_and_a_line_in_the_log(predictor, run, tmp_path, caplog):
    weights_path(predictor._store.run_folder(run.run_id), 1).unlink()
    refusals = Refusals(predictor, tmp_path)
    with caplog.at_level(logging.WARNING):
        refusals.get(run, 1)
        refusals.wait(SOON_S * 3)
    assert refusals.get(run, 1) is None and not refusals.pending(run, 1)
    assert "no cut-off for epoch 1 of mine-1" in caplog.text


def test_one_is_measured_at_a_time_and_the_other_waits_for_its_next_question(predictor, run, tmp_path, monkeypatch):
    go_on, asked = threading.Event(), []

    def measure(predictor, run, epoch, folder):
        asked.append(epoch)
        assert go_on.wait(SOON_S)

    monkeypatch.setattr("core.refusals.measure", measure)
    refusals = Refusals(predictor, tmp_path)
    refusals.get(run, 1)
    refusals.get(run, 2)
    go_on.set()
    refusals.wait(SOON_S)
    assert asked == [1] and refusals.pending(run, 2)
    refusals.get(run, 2)
    refusals.wait(SOON_S)
    assert asked == [1, 2]
