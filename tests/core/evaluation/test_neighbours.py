import numpy as np
import pytest

from core import datasets
from core.datasets.validation import validation_part
from core.evaluation import neighbours
from core.evaluation.neighbours import TrainingFeatures
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


@pytest.fixture(params=RECIPES, ids=lambda recipe: recipe.architecture)
def answering(request, data_dir):
    """A predictor, and a run with weights and one epoch."""
    store = Store(data_dir)
    run = store.runs.create(request.param, "mine")
    model.save_weights(model.build(request.param).get_weights(), weights_path(store.runs.folder(run.run_id), 1))
    yield Predictor(store), run
    store.close()


def test_only_training_images_are_searched_and_a_sample_is_always_the_same():
    rows, num_training = neighbours.training_rows(Recipe())
    assert len(rows) == num_training == 1437
    assert not np.intersect1d(rows, validation_part(Recipe()).rows).size
    sample, of = neighbours.training_rows(Recipe(), most=100)
    assert (len(sample), of) == (100, 1437) and np.isin(sample, rows).all()
    np.testing.assert_array_equal(sample, neighbours.training_rows(Recipe(), most=100)[0])


def test_of_a_run_that_learned_from_some_images_only_those_are_searched():
    some, num_training = neighbours.training_rows(Recipe(training_images=300))
    assert len(some) == num_training == 300 and np.isin(some, neighbours.training_rows(Recipe())[0]).all()
    others, _ = neighbours.training_rows(Recipe(training_images=300), (int(some[7]),))
    assert len(others) == 300 and some[7] not in others


def test_an_image_of_the_training_part_is_its_own_nearest(answering):
    predictor, run = answering
    shares = []
    training = neighbours.training_features(predictor, run, 1, lambda share, doing: shares.append(share))
    data = datasets.load("digits")
    row = neighbours.training_rows(run.recipe)[0][77]
    (features,) = predictor.features(run, data.images[row][None] / np.float32(255), epoch=1)
    found = neighbours.nearest(training, features)
    assert found.similarity[0] == pytest.approx(1, abs=1e-5) and (np.diff(found.similarity) <= 1e-6).all()
    assert len(found.labels) == len(found.images) == 10
    assert shares[0] == 0 and shares == sorted(shares)


def test_nearest_goes_by_the_angle():
    features = np.array([[1, 0], [10, 10], [0, 5], [0, 0]], np.float32)
    training = TrainingFeatures(neighbours.search(features), np.zeros((4, 28, 28), np.uint8), np.arange(4, dtype=np.uint8), 4)
    found = neighbours.nearest(training, np.array([1, 1.1], np.float32))
    assert found.labels[0] == 1
    cosines = features @ [1, 1.1] / np.maximum(np.linalg.norm(features, axis=1) * np.hypot(1, 1.1), 1e-9)
    np.testing.assert_allclose(found.similarity, cosines[found.labels], atol=1e-5)
