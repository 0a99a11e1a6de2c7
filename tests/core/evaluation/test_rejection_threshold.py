from dataclasses import replace

import pytest

from core.datasets.synthetic import redrawn
from core.errors import RunMissing
from core.evaluation import rejection_threshold
from core.network import model
from core.network.predictor import Predictor
from core.runs.epoch import Epoch
from core.runs.paths import weights_path
from core.store import Store
from tests.pages.states import SMALL


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


def test_a_threshold_is_measured_on_drawings_that_the_folder_keeps_and_says_how_far_it_is(predictor, run, tmp_path):
    shares = []
    found = rejection_threshold.measure(predictor, run, 1, tmp_path, lambda share, doing: shares.append(share))
    assert shares == sorted(shares) and shares[0] == 0
    drawings = redrawn.held_out(run.recipe, tmp_path)
    rejected = found.rejects(predictor.answers(run, drawings.digits, epoch=1))
    assert rejected.mean() == pytest.approx(found.rejected_digits.share) and found.rejected_digits.share < 0.05


def test_weights_that_are_gone_are_one_sentence(predictor, run, tmp_path):
    weights_path(predictor._store.runs.folder(run.run_id), 1).unlink()
    with pytest.raises(RunMissing, match="are gone"):
        rejection_threshold.measure(predictor, run, 1, tmp_path, lambda share, doing: None)
