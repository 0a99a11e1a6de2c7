"""The recipe's random affine transform, for whole batches in one operation of the graph.

Semantics are those of Keras' ImageDataGenerator (docs/recipe-2018.md): edges repeat, linear interpolation, each axis' zoom
drawn by itself, shear in degrees.
"""

from __future__ import annotations

import math

import tensorflow as tf

from core.recipe import Recipe


def augment(images: tf.Tensor, recipe: Recipe, seeds: tf.Tensor) -> tf.Tensor:
    """`images` (k, b, h, w, 1) float, each transformed at random. A batch's amounts depend on its row of `seeds` (k, 2) alone."""
    if not any((recipe.rotation_deg, recipe.shift, recipe.zoom, recipe.shear_deg)):
        return images
    shape = tf.shape(images)
    with tf.device("CPU"):  # some thousand numbers; a GPU would wait for each seed
        drawn = tf.map_fn(
            lambda seed: tf.random.stateless_uniform([6, shape[1]], seed, -1.0, 1.0), seeds, fn_output_signature=tf.float32
        )
        drawn = tf.reshape(tf.transpose(drawn, [1, 0, 2]), [6, -1])
    height, width = images.shape[2:4]
    side = float(height)
    moved = affine(
        tf.reshape(images, [-1, height, width, 1]),
        rotation_deg=drawn[0] * recipe.rotation_deg,
        shear_deg=drawn[1] * recipe.shear_deg,
        shift_px=(drawn[2] * recipe.shift * side, drawn[3] * recipe.shift * side),
        zoom=(1 + drawn[4] * recipe.zoom, 1 + drawn[5] * recipe.zoom),
    )
    return tf.reshape(moved, shape)


def affine(
    images: tf.Tensor,
    *,
    rotation_deg: tf.Tensor,
    shear_deg: tf.Tensor,
    shift_px: tuple[tf.Tensor, tf.Tensor],
    zoom: tuple[tf.Tensor, tf.Tensor],
) -> tf.Tensor:
    """`images` (n, h, w, 1) float, transformed as Keras' `apply_affine_transform` would; every amount is (n,) float32.

    The matrix maps a place in the result to its source in the image: rotation x shift x shear x zoom about the centre.
    `shift_px` and `zoom` are (along the width, along the height); a zoom above 1 shrinks the digit.
    """
    turn, slant = rotation_deg * (math.pi / 180), shear_deg * (math.pi / 180)
    cos, sin, slant_sin, slant_cos = tf.cos(turn), tf.sin(turn), tf.sin(slant), tf.cos(slant)
    (shift_x, shift_y), (zoom_x, zoom_y) = shift_px, zoom
    xx, xy = cos * zoom_x, -(cos * slant_sin + sin * slant_cos) * zoom_y
    yx, yy = sin * zoom_x, (cos * slant_cos - sin * slant_sin) * zoom_y
    x0, y0 = cos * shift_x - sin * shift_y, sin * shift_x + cos * shift_y
    height, width = images.shape[1:3]
    middle_x, middle_y = width / 2 - 0.5, height / 2 - 0.5
    x0 += middle_x - xx * middle_x - xy * middle_y
    y0 += middle_y - yx * middle_x - yy * middle_y
    nothing = tf.zeros_like(xx)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.stack([xx, xy, x0, yx, yy, y0, nothing, nothing], axis=1),
        output_shape=tf.constant([height, width]),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )
