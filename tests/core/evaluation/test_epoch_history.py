from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from core import charts
from core.errors import RunMissing
from core.evaluation.epoch_history import MOST_EPOCHS, EpochHistory, epoch_history, spaced
from core.network import model
from core.network.predictor import Predictor
from core.runs.epoch import Epoch
from core.runs.paths import weights_path
from tests.pages.states import SMALL


@pytest.fixture
def run(store):
    """Three epochs, each with weights of its own."""
    made = store.runs.create(SMALL, "mine")
    for epoch in (1, 2, 3):
        weights = model.build(SMALL.changed(seed=epoch)).get_weights()
        model.save_weights(weights, weights_path(store.runs.folder(made.run_id), epoch))
    rows = [Epoch(epoch, 1.0, 0.5, 1.0, 0.5, 0.001, 1.0, 100.0) for epoch in (1, 2, 3)]
    return replace(made, state="finished", epochs=tuple(rows))


@pytest.fixture
def image():
    return np.random.default_rng(0).random((28, 28)).astype(np.float32)


def quiet(share, doing):
    pass


def test_each_epoch_answers_as_it_would_have(store, run, image):
    found = epoch_history(Predictor(store, num_models=1), run, image, quiet)
    assert found.epochs.tolist() == [1, 2, 3]
    predictor = Predictor(store)
    for epoch, row in zip(found.epochs, found.probabilities, strict=True):
        np.testing.assert_allclose(row, predictor.probabilities(run, image[None], epoch=int(epoch))[0], atol=1e-6)
    assert np.ptp(found.probabilities, axis=0).max() > 0.001, "three networks, not one thrice"


def test_each_epoch_is_reported_before_it_is_asked(store, run, image):
    reported = []
    epoch_history(Predictor(store), run, image, lambda share, doing: reported.append((share, doing)))
    assert reported == [(0, "epoch 1"), (pytest.approx(1 / 3), "epoch 2"), (pytest.approx(2 / 3), "epoch 3")]


def test_a_report_that_raises_ends_it(store, run, image):
    def cancelled(share, doing):
        if share:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        epoch_history(Predictor(store), run, image, cancelled)


def test_epochs_whose_weights_are_gone_are_left_out(store, run, image):
    weights_path(store.runs.folder(run.run_id), 2).unlink()
    assert epoch_history(Predictor(store), run, image, quiet).epochs.tolist() == [1, 3]


def test_a_run_without_any_weights_is_one_sentence(store, run, image):
    for epoch in (1, 2, 3):
        weights_path(store.runs.folder(run.run_id), epoch).unlink()
    with pytest.raises(RunMissing, match="are gone"):
        epoch_history(Predictor(store), run, image, quiet)


@pytest.mark.parametrize("count", [1, 2, 59, 60, 61, 500])
def test_of_many_epochs_sixty_are_asked_the_first_and_the_last_among_them(count):
    epochs = spaced(list(range(1, count + 1)))
    assert len(epochs) == len(set(epochs)) == min(count, MOST_EPOCHS)
    assert (epochs[0], epochs[-1]) == (1, count)


def history_of(*digits):
    return EpochHistory(np.arange(1, len(digits) + 1), np.full((len(digits), 10), 0.01) + 0.9 * np.eye(10)[list(digits)])


@pytest.mark.parametrize(("digits", "settled"), [((3, 8, 3, 3), 3), ((3, 3), 1), ((5,), 1), ((1, 2, 1, 7), 4)])
def test_the_answer_has_settled_where_it_changes_no_more(digits, settled):
    assert history_of(*digits).settled == settled


def test_the_chart_stacks_ten_bands_and_says_since_when():
    figure = go.Figure(charts.epoch_history(history_of(3, 8, 3, 3)))
    assert len(figure.data) == 10 and {trace.stackgroup for trace in figure.data} == {"all"}
    assert np.sum([trace.y for trace in figure.data], axis=0) == pytest.approx(np.ones(4))
    assert figure.layout.title.text == "Over the epochs: read as 3 since epoch 3"
    assert [trace.name for trace in figure.data if trace.showlegend] == ["3", "8"]


def test_a_single_epoch_has_a_band_too():
    figure = go.Figure(charts.epoch_history(history_of(5)))
    assert len(figure.data[5].x) == 2 and figure.layout.title.text == "Over the epochs: every epoch reads 5"
