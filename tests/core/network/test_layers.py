import keras
import numpy as np
import pytest
import tensorflow as tf

from core.network.layers import ByteDropout, FusedBatchNormalization


@pytest.fixture(params=[(16, 9, 9, 8), (1296, 8)], ids=["pictures", "numbers"])
def pictures(request):
    return tf.constant(np.random.default_rng(0).normal(3, 2, request.param).astype(np.float32))


@pytest.fixture
def pair(pictures):
    """Ours and Keras', with the same random gamma and beta."""
    layers = FusedBatchNormalization(), keras.layers.BatchNormalization()
    draw = np.random.default_rng(1)
    start = [draw.normal(1, 0.3, 8), draw.normal(0, 1, 8), draw.normal(2, 1, 8), draw.uniform(1, 5, 8)]
    for layer in layers:
        layer.build(pictures.shape)
        layer.set_weights(start)
    return layers


@pytest.mark.parametrize("training", [True, False])
def test_fused_batch_norm_answers_as_keras_does(pair, pictures, training):
    ours, theirs = (layer(pictures, training=training).numpy() for layer in pair)
    np.testing.assert_allclose(ours, theirs, atol=2e-5)


def test_fused_batch_norm_has_keras_gradients(pair, pictures):
    gradients = []
    for layer in pair:
        with tf.GradientTape() as tape:
            tape.watch(pictures)
            loss = tf.reduce_sum(layer(pictures, training=True) ** 3)
        gradients.append(tape.gradient(loss, [pictures, layer.gamma.value, layer.beta.value]))
    for ours, theirs in zip(*gradients, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=2e-3 * float(tf.reduce_max(tf.abs(theirs))))


def test_fused_batch_norm_keeps_keras_moving_statistics(pair, pictures):
    for layer in pair:
        for shift in range(5):
            layer(pictures + shift, training=True)
    for ours, theirs in zip(*(layer.get_weights() for layer in pair), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


@pytest.mark.parametrize("times", [1, 2])
def test_fused_batch_norm_takes_short_floats_whatever_the_number_of_channels(pictures, times):
    layer = FusedBatchNormalization(dtype="mixed_bfloat16")
    short = layer(tf.cast(tf.concat([pictures] * times, axis=-1), tf.bfloat16), training=True)
    assert short.dtype == tf.bfloat16 and short.shape[-1] == times * pictures.shape[-1]
    np.testing.assert_allclose(np.mean(tf.cast(short, tf.float32), axis=tuple(range(short.ndim - 1))), 0, atol=0.02)


@pytest.mark.parametrize("rate", [0.1, 0.35, 0.5])
def test_dropout_drops_its_share_and_keeps_the_mean(rate):
    ones = tf.ones((200, 1001))
    out = ByteDropout(rate, seed=3)(ones, training=True).numpy()
    assert np.mean(out == 0) == pytest.approx(rate, abs=0.004)
    assert out.mean() == pytest.approx(1, abs=0.006)


def test_dropout_does_nothing_when_not_training():
    ones = tf.ones((4, 7))
    np.testing.assert_array_equal(ByteDropout(0.5, seed=3)(ones, training=False), ones)


def test_dropout_masks_of_two_steps_are_independent():
    layer = ByteDropout(0.5, seed=3)
    first, second = (layer(tf.ones((100, 1000)), training=True).numpy() > 0 for _ in range(2))
    assert np.mean(first & second) == pytest.approx(0.25, abs=0.005)


def test_dropout_rewound_to_a_step_draws_that_step_again():
    layer = ByteDropout(0.5, seed=3)
    masks = [layer(tf.ones((8, 8)), training=True).numpy() for _ in range(3)]
    layer.rewind(1)
    np.testing.assert_array_equal(layer(tf.ones((8, 8)), training=True), masks[1])
    assert not np.array_equal(masks[0], masks[1])
