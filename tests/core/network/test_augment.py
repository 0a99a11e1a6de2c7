import warnings

import numpy as np
import pytest
import tensorflow as tf

from core.network.augment import affine, augment
from core.recipe import Recipe

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from tensorflow.keras.preprocessing.image import ImageDataGenerator

PICTURE = np.random.default_rng(0).uniform(size=(28, 28, 1)).astype(np.float32)


def ours(*, theta=0.0, tx=0.0, ty=0.0, shear=0.0, zx=1.0, zy=1.0):
    """Keras' parameters, in Keras' names, through our transform. Keras' tx and zx act along the width."""
    one = lambda value: tf.constant([value], tf.float32)  # noqa: E731
    return affine(
        PICTURE[None],
        rotation_deg=one(theta),
        shear_deg=one(shear),
        shift_px=(one(tx), one(ty)),
        zoom=(one(zx), one(zy)),
    )[0].numpy()


@pytest.mark.parametrize(
    "parameters",
    [
        {"theta": 10.0},
        {"tx": 2.3, "ty": -1.4},
        {"shear": 20.0},
        {"zx": 0.9, "zy": 1.1},
        {"theta": -7.0, "tx": 2.8, "ty": 0.5, "shear": 5.0, "zx": 1.07, "zy": 0.93},
    ],
)
def test_same_parameters_give_keras_picture(parameters):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras calls it legacy and scipy moved a name; it is the reference all the same
        theirs = ImageDataGenerator().apply_transform(PICTURE, parameters)
    np.testing.assert_allclose(ours(**parameters), theirs, atol=1e-4)


def test_each_amount_stays_within_the_recipe_and_uses_its_range():
    dot = np.zeros((400, 28, 28, 1), np.float32)
    dot[:, 13:15, 13:15] = 1
    recipe = Recipe(rotation_deg=0, zoom=0, shear_deg=0, shift=0.2)
    moved = augment(tf.constant(dot[None]), recipe, tf.constant([[1, 2]]))[0].numpy()
    rows = (moved.sum((2, 3)) * np.arange(28)).sum(1) / moved.sum((1, 2, 3)) - 13.5
    assert 4.8 < np.abs(rows).max() <= 5.6 + 1e-3
    assert abs(rows.mean()) < 0.6


def test_the_seed_alone_decides_and_pictures_differ_within_a_batch():
    batches = tf.constant(np.repeat(PICTURE[None], 9, axis=0).reshape(3, 3, 28, 28, 1))
    first, again, other = augment(batches, Recipe(), tf.constant([[13, step] for step in (5, 5, 6)])).numpy()
    np.testing.assert_array_equal(other, augment(batches[:1], Recipe(), tf.constant([[13, 6]])).numpy()[0])
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)
    assert not np.allclose(first[0], first[1])


def test_no_augmentation_leaves_pictures_alone():
    recipe = Recipe(rotation_deg=0, shift=0, zoom=0, shear_deg=0)
    np.testing.assert_array_equal(augment(tf.constant(PICTURE[None, None]), recipe, tf.constant([[1, 1]])), PICTURE[None, None])
