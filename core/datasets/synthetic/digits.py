"""Draws synthetic digits: one of the styles, distorted at random, with a pen of random width.

They look like MNIST's images: 20 px of ink, centred by its mass. Any thread may call this; 4,000 digits a second on one core.
Knows nothing of networks or data sets.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from core.constants import NUM_CLASSES, SIDE_PX
from core.datasets.synthetic import paths
from core.datasets.synthetic.styles import STYLES

_BOX_PX = 20  # the longer side of the ink in MNIST
_BATCH = 128  # digits at a time, so that the arrays stay in the processor's cache
# Chosen by eye: unsteady, but readable. Lengths are shares of the digit's height.
_UNSTEADY = 0.035  # sd of each point's place
_WAVE, _WAVES_SD = 0.05, 0.6  # sd of the waves that bend the whole digit, and of how many there are to a height
_SLANT, _SLANT_SD = 0.12, 0.25  # sideways per height
_WIDTH, _WIDTH_SD = 1.2, 0.22  # median, as wide as MNIST's, and sd of the logarithm
_BALANCE_SD = 0.25  # of the logarithm of the exponent that swells the upper or the lower part
_TAPER_SD = 0.2  # how much wider the foot is than the head, of the width
_TURN_SD = 0.09  # radians
_PEN_PX, _PEN_SD = 2.5, 0.27  # the pen's median width, in MNIST's pixels, and sd of its logarithm: .67 px, as MNIST's
_PEN_LIMITS_PX = (1.3, 5)  # beyond, lines break or loops fill
_PRESSURE = 0.15  # the pen swells and fades by up to this share along the path


class _Paths(NamedTuple):
    """All styles, as arrays: a digit's cumulated weights (10, most) and first style (10,); each style's `points` (s, k, 2), and
    the shares of them that add up to where each of its straight pieces begins and ends (s, p, k)."""

    shares: np.ndarray
    first: np.ndarray
    points: np.ndarray
    begins: np.ndarray
    ends: np.ndarray


def drawn(num_images: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`num_images` digits (n, 28, 28) uint8, ink up to 255, and their labels (n,) uint8, each of the ten about as often.

    The same seed gives the same digits.
    """
    random = np.random.default_rng([seed, 0x9E4])
    labels = random.permutation(np.arange(num_images) % NUM_CLASSES).astype(np.uint8)
    images = np.zeros((num_images, SIDE_PX, SIDE_PX), np.uint8)
    for start in range(0, num_images, _BATCH):
        part = slice(start, start + _BATCH)
        images[part] = np.round(_inked(*_written(labels[part], random), random) * 255)
    return images, labels


def _written(labels: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Beginnings and ends (n, p, 2) of the straight pieces of a random path for each of `labels`, in heights, y downwards."""
    paths, count = _paths(), len(labels)
    style = paths.first[labels] + (random.random((count, 1)) > paths.shares[labels]).sum(axis=1)
    points = paths.points[style]
    points = points + random.normal(0, _UNSTEADY, points.shape)
    freqs = random.normal(0, _WAVES_SD, (count, 1, 2, 2))
    phases, waves = random.uniform(0, 2 * np.pi, (count, 1, 2)), random.normal(0, _WAVE, (count, 1, 2))
    balance = np.exp(random.normal(0, _BALANCE_SD, (count, 1)))
    width = _WIDTH * np.exp(random.normal(0, _WIDTH_SD, (count, 1)))
    taper, slant, turn = random.normal([0, _SLANT, 0], [_TAPER_SD, _SLANT_SD, _TURN_SD], (count, 1, 3)).transpose(2, 0, 1)

    def bent(at: np.ndarray) -> np.ndarray:
        at = at + waves * np.sin(2 * np.pi * np.einsum("npi,nqij->npj", at, freqs) + phases)
        y = np.clip(at[..., 1], 0.001, 1) ** balance + np.minimum(at[..., 1], 0) + np.maximum(at[..., 1] - 1, 0)
        x = (at[..., 0] - 0.3) * width * (1 + taper * (y - 0.5)) - slant * y
        return np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], axis=-1)

    return bent(paths.begins[style] @ points), bent(paths.ends[style] @ points)


def _inked(begins: np.ndarray, ends: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(n, 28, 28) in [0, 1]: what a round pen leaves along straight pieces from `begins` to `ends` (n, p, 2), placed like MNIST.

    Each pixel's ink falls off over one pixel about the pen's edge, by its distance to the nearest piece.
    """
    count, num_pieces = begins.shape[:2]
    pen_px = np.clip(_PEN_PX * np.exp(random.normal(0, _PEN_SD, count)), *_PEN_LIMITS_PX)
    low, high = np.minimum(begins, ends).min(axis=1), np.maximum(begins, ends).max(axis=1)
    scale = (_BOX_PX - pen_px) / (high - low).max(axis=1)
    along = np.arange(num_pieces) / num_pieces
    cycles, phase = random.uniform(0.3, 1.2, (count, 1)), random.random((count, 1))
    swell = 1 + _PRESSURE * np.sin(2 * np.pi * (cycles * along + phase))

    def in_px(at: np.ndarray) -> np.ndarray:
        pixels = (at - low[:, None]) * scale[:, None, None] + pen_px[:, None, None] / 2
        return np.asarray(pixels, np.float32)  # twice as fast

    far = np.sqrt(_squared_distance(in_px(begins), in_px(ends), (1 / swell**2).astype(np.float32)))
    ink = np.clip(pen_px[:, None, None] / 2 - far + 0.5, 0, 1)
    return _placed(ink, (high - low) * scale[:, None] + pen_px[:, None])


def _squared_distance(begins: np.ndarray, ends: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(n, 20, 20): from each pixel's middle to the nearest straight piece, squared, times the piece's own weight (n, p)."""
    middles = (np.arange(_BOX_PX) + 0.5).astype(np.float32)
    nearest = np.full((len(begins), _BOX_PX, _BOX_PX), np.inf, np.float32)
    steps = ends - begins
    for piece in range(begins.shape[1]):  # one at a time: all at once would not stay in the cache
        x, y = middles - begins[:, piece, [0]], middles - begins[:, piece, [1]]
        dx, dy = steps[:, piece, [0]], steps[:, piece, [1]]
        length = np.maximum(dx**2 + dy**2, 1e-6)  # a repeated piece may have none
        share = np.clip((y * dy / length)[:, :, None] + (x * dx / length)[:, None], 0, 1)
        far = (x[:, None] - share * dx[:, None]) ** 2 + (y[:, :, None] - share * dy[:, None]) ** 2
        np.minimum(nearest, far * weights[:, piece, None, None], out=nearest)
    return nearest


def _placed(ink: np.ndarray, box_px: np.ndarray) -> np.ndarray:
    """(n, 28, 28): `ink` (n, 20, 20), whose boxes (n, 2) start at its corner, moved by whole pixels as
    `preprocessing.centred` does.
    """
    mass = ink.sum(axis=(1, 2))
    middles = np.arange(_BOX_PX) + 0.5
    centres = np.stack([ink.sum(axis=1) @ middles, ink.sum(axis=2) @ middles], axis=1) / mass[:, None]
    starts = np.clip(np.ceil(SIDE_PX // 2 - centres), 0, SIDE_PX - np.ceil(box_px)).astype(int)
    blank_rim = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    columns, rows = (np.clip(np.arange(SIDE_PX) - starts[:, [axis]] + 1, 0, _BOX_PX + 1) for axis in (0, 1))
    return np.asarray(blank_rim[np.arange(len(ink))[:, None, None], rows[:, :, None], columns[:, None]])


@cache
def _paths() -> _Paths:
    """The table of styles as arrays, made once."""
    styles = [style for digit in range(NUM_CLASSES) for style in STYLES[digit]]
    counts = [len(STYLES[digit]) for digit in range(NUM_CLASSES)]
    shares = np.ones((NUM_CLASSES, max(counts)))
    for digit, count in enumerate(counts):
        weights = np.array([style.weight for style in STYLES[digit]])
        shares[digit, :count] = np.cumsum(weights / weights.sum())
        shares[digit, count - 1] = 1  # a rounded sum of .9999 would let a draw fall past the last style
    parsed = [_parsed(style.path) for style in styles]
    num_points = max(len(points) for points, _ in parsed)
    num_pieces = max(len(curve) for _, curve in parsed)
    points = np.zeros((len(styles), num_points, 2))
    curves = np.zeros((2, len(styles), num_pieces, num_points))
    for row, (own, pieces) in enumerate(parsed):
        points[row, : len(own)] = own
        # Shorter paths repeat their last piece, which leaves no more ink.
        padded = np.concatenate([pieces, np.repeat(pieces[-1:], num_pieces - len(pieces), axis=0)])
        curves[:, row, :, : len(own)] = padded.transpose(1, 0, 2)
    first = np.cumsum([0, *counts[:-1]])
    return _Paths(shares, first, points, *curves)


def _parsed(path: str) -> tuple[np.ndarray, np.ndarray]:
    """A path's points (k, 2), and its straight pieces (p, 2, k) as shares of these points: at the beginning, at the end."""
    parsed = paths.parsed(path)
    unit = np.eye(len(parsed.points))
    pieces = []
    for run in (run for runs in parsed.strokes for run in runs):
        curve = paths.curve(unit[run])
        pieces.append(np.stack([curve[:-1], curve[1:]], axis=1))
    return parsed.points, np.concatenate(pieces)
