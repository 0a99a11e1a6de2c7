import threading

import numpy as np
import pytest
from scipy.special import softmax

from core.constants import ANSWER_BATCH
from core.datasets.validation import validation_part
from core.errors import RunMissing
from core.network import model
from core.network.predictor import Predictor
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.store import Store

RECIPES = [
    Recipe(architecture="compact", filters_1=2, filters_2=3, filters_3=4, filters_4=5),
    Recipe(filters_1=2, filters_2=2, filters_3=2, filters_4=2, dense_units=7),
    Recipe(
        architecture="strided",
        filters_1=2,
        filters_2=2,
        filters_3=3,
        dense_units=5,
        kernel_size=4,
        extra_convolutions=2,
        activation="tanh",
    ),
]


class CountedLock:
    def __init__(self):
        self._lock, self.num_taken = threading.Lock(), 0
        self.locked = self._lock.locked

    def __enter__(self):
        self.num_taken += 1
        self._lock.acquire()

    def __exit__(self, *error):
        self._lock.release()


@pytest.fixture
def store(data_dir):
    store = Store(data_dir)
    yield store
    store.close()


def run_of(store, recipe, *, epoch=1):
    """A run with random weights after `epoch`."""
    run = store.runs.create(recipe, "mine")
    model.save_weights(model.build(recipe).get_weights(), weights_path(store.runs.folder(run.run_id), epoch))
    return run


@pytest.fixture(params=RECIPES, ids=lambda recipe: recipe.architecture)
def run(request, store):
    return run_of(store, request.param)


def test_one_pass_gives_features_logits_and_the_models_probabilities(store, run):
    images = np.random.default_rng(0).permutation(validation_part(run.recipe).images)[[*range(360)] * 2] / np.float32(255)
    assert len(images) > ANSWER_BATCH
    answers = Predictor(store).answers(run, images, epoch=1)
    whole = model.build(run.recipe.changed(precision="float32"))  # as a drawing is answered, whatever a run trained with
    whole.set_weights(model.load_weights(weights_path(store.runs.folder(run.run_id), 1)))
    kernel, bias = whole.layers[-1].get_weights()
    np.testing.assert_allclose(answers.probabilities, whole(images[..., None], training=False).numpy(), atol=1e-6)
    np.testing.assert_allclose(answers.features @ kernel + bias, answers.logits, atol=1e-5)
    np.testing.assert_allclose(softmax(answers.logits.astype(float), axis=1), answers.probabilities, atol=1e-6)
    assert answers.epoch == 1 and answers.images is images
    assert {each.dtype for each in (answers.features, answers.logits, answers.probabilities)} == {np.dtype(np.float32)}


def test_the_single_parts_are_those_of_the_pass_and_rows_pick_some(store, run):
    predictor, images = Predictor(store), np.random.default_rng(0).random((7, 28, 28)).astype(np.float32)
    answers = predictor.answers(run, images, epoch=1)
    np.testing.assert_array_equal(predictor.probabilities(run, images, epoch=1), answers.probabilities)
    np.testing.assert_array_equal(predictor.features(run, images, epoch=1), answers.features)
    some = answers.rows(np.array([5, 2]))
    np.testing.assert_array_equal(some.logits, answers.logits[[5, 2]])
    np.testing.assert_array_equal(some.images, images[[5, 2]])


def test_no_images_have_no_answers(store, run):
    answers = Predictor(store).answers(run, np.zeros((0, 28, 28), np.float32), epoch=1)
    width = model.build(run.recipe).layers[-1].kernel.shape[0]
    assert (answers.features.shape, answers.logits.shape, answers.probabilities.shape) == ((0, width), (0, 10), (0, 10))


def test_the_lock_is_free_between_batches(store, run):
    predictor = Predictor(store)
    lock = predictor._lock = CountedLock()
    predictor.answers(run, np.zeros((1200, 28, 28), np.float32), epoch=1)
    assert (lock.num_taken, lock.locked()) == (3, False)


def test_an_epoch_without_weights_is_one_sentence(store, run):
    predictor, image = Predictor(store), np.zeros((1, 28, 28), np.float32)
    with pytest.raises(RunMissing, match="are gone"):
        predictor.answers(run, image, epoch=2)
    with pytest.raises(RunMissing, match="has not finished an epoch yet"):
        predictor.answers(run, image)


def test_the_networks_asked_last_stay_in_memory(store):
    predictor, image = Predictor(store, num_models=2), np.zeros((1, 28, 28), np.float32)
    runs = [run_of(store, RECIPES[0].changed(seed=seed)) for seed in range(3)]
    for place in (0, 1, 0, 2):
        predictor.answers(runs[place], image, epoch=1)
    assert set(predictor._models) == {runs[0].run_id, runs[2].run_id}
