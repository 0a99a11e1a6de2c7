from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax

from core.datasets.synthetic import redrawn
from core.errors import RunMissing
from core.evaluation import rejection_cutoff
from core.network import model
from core.network.predictor import Predictor
from core.runs.epoch import Epoch
from core.runs.paths import weights_path
from core.store import Store
from tests.pages.states import SMALL

NUM_FEATURES = 2  # of SMALL's last convolution


@pytest.fixture
def predictor(data_dir, monkeypatch):
    monkeypatch.setattr(redrawn, "_NUM_FITTED", (40, 32))
    monkeypatch.setattr(redrawn, "_NUM_HELD_OUT", (30, 16))
    store = Store(data_dir)
    yield Predictor(store)
    store.close()


@pytest.fixture
def run(predictor):
    store = predictor._store
    made = store.runs.create(SMALL, "mine")
    model.save_weights(model.build(SMALL).get_weights(), weights_path(store.runs.folder(made.run_id), 1))
    return replace(made, state="finished", epochs=(Epoch(1, 1.0, 0.5, 1.0, 0.5, 0.001, 1.0, 100.0),))


def test_features_are_what_the_last_layer_makes_the_answer_of(predictor, run):
    images = np.random.default_rng(0).random((501, 28, 28)).astype(np.float32)
    features = predictor.features(run, images)
    kernel, bias = predictor.last_layer(run)
    assert features.shape == (501, NUM_FEATURES) and kernel.shape == (NUM_FEATURES, 10)
    np.testing.assert_allclose(softmax(features @ kernel + bias, axis=1), predictor.probabilities(run, images), atol=1e-5)
    assert predictor.features(run, images[:0]).shape == (0, NUM_FEATURES)


def test_a_cutoff_is_measured_on_drawings_that_the_folder_keeps_and_says_how_far_it_is(predictor, run, tmp_path):
    told = []
    found = rejection_cutoff.measure(predictor, run, 1, tmp_path, lambda share, doing: told.append(share))
    assert told == sorted(told) and told[0] == 0
    drawings = redrawn.held_out(run.recipe, tmp_path)
    refused = found.refuses(rejection_cutoff.seen(predictor, run, 1, drawings.digits))
    assert refused.mean() == pytest.approx(found.lost.share) and found.lost.share < 0.05


def test_weights_that_are_gone_are_one_sentence(predictor, run, tmp_path):
    weights_path(predictor._store.runs.folder(run.run_id), 1).unlink()
    with pytest.raises(RunMissing, match="are gone"):
        rejection_cutoff.measure(predictor, run, 1, tmp_path, lambda share, doing: None)
