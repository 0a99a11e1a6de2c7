"""Several lines of digits on one photo, each by itself: read one under the other. Knows no network."""

from __future__ import annotations

import math

import numpy as np
from scipy.ndimage import label

_TILTS_DEG = np.arange(-6.0, 6.5, 0.5)
_WIDE_TILTS_DEG, _MOST_PIXELS = np.arange(-45, 46, 2.5), 4000  # of a page that is held askew; of its ink, spread evenly
_INK = 128  # darker than this, of 255 for paper
_SMALL = 0.35  # of the tallest line; what is lower is a part of the line beside it: the roof of a five, a speck
_LEAST_GAP = 0.2  # of the tallest line, between two; what is closer are parts of one digit


def lines_of(ink: np.ndarray) -> list[np.ndarray]:
    """(h, w) uint8 `ink`, 255 paper, as one picture for each line from top to bottom, of the same size, with the ink of that line
    alone; as it is where there is one line or none.

    A line is a band of the page, tilted by up to six degrees, with ink in it and none along its edges; what is connected goes to
    the band that has the most of it.
    """
    rows, columns = np.nonzero(ink < _INK)
    if not len(rows):
        return [ink]
    across = _across(rows, columns, _tilt_deg(rows, columns))
    bands = _bands(np.bincount(across))
    if len(bands) < 2:
        return [ink]
    parts, count = label(ink < 255, np.ones((3, 3)))
    edges = [(upper[1] + lower[0]) / 2 for upper, lower in zip(bands, bands[1:], strict=False)]
    of_pixel = np.searchsorted(edges, across)
    votes = np.zeros((count + 1, len(bands)), int)
    np.add.at(votes, (parts[rows, columns], of_pixel), 1)
    band_of = np.where(votes.any(axis=1), votes.argmax(axis=1), -1)
    return [np.where(band_of[parts] == place, ink, 255).astype(np.uint8) for place in range(len(bands))]


def tilt_of(mask: np.ndarray) -> tuple[float, float]:
    """The tilt in degrees, up to 45, under which the ink of `mask` (h, w) lies most in few rows, and how many times better than
    with at most 5; 0 and 1 where there is none.
    """
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return 0.0, 1.0
    some = np.unique(np.linspace(0, len(rows) - 1, _MOST_PIXELS).astype(int))
    fits = np.array([_fit(rows[some], columns[some], float(tilt), 2) for tilt in _WIDE_TILTS_DEG])
    return float(_WIDE_TILTS_DEG[fits.argmax()]), float(fits.max() / fits[np.abs(_WIDE_TILTS_DEG) <= 5].max())


def _fit(rows: np.ndarray, columns: np.ndarray, tilt_deg: float, row_px: int = 1) -> float:
    """How much the ink lies in few rows: the sum of the squared counts."""
    return float((np.bincount(_across(rows, columns, tilt_deg) // row_px).astype(float) ** 2).sum())


def _tilt_deg(rows: np.ndarray, columns: np.ndarray) -> float:
    """The tilt under which the ink lies most in few rows, by the sum of the squared counts; the smallest of several."""
    sums = [_fit(rows, columns, float(tilt)) for tilt in _TILTS_DEG]
    best = max(sums)
    return float(min((tilt for tilt, each in zip(_TILTS_DEG, sums, strict=True) if each == best), key=abs))


def _across(rows: np.ndarray, columns: np.ndarray, tilt_deg: float) -> np.ndarray:
    """(n,) whole numbers from 0 on: how far down each pixel lies once the page is turned by the tilt."""
    turned = rows * math.cos(math.radians(tilt_deg)) - columns * math.sin(math.radians(tilt_deg))
    down = np.rint(turned).astype(int)
    return np.asarray(down - down.min())


def _bands(counts: np.ndarray) -> list[tuple[int, int]]:
    """First and last row of each run of rows with ink; close ones joined, and low ones to their nearer neighbour."""
    inked = np.flatnonzero(np.diff(np.concatenate([[False], counts > 0, [False]]).astype(int)))
    bands = [(int(first), int(end) - 1) for first, end in inked.reshape(-1, 2)]
    tallest = max(last - first + 1 for first, last in bands)
    for place in range(len(bands) - 2, -1, -1):
        if bands[place + 1][0] - bands[place][1] - 1 < _LEAST_GAP * tallest:
            bands[place : place + 2] = [(bands[place][0], bands[place + 1][1])]
    while len(bands) > 1:
        low = min(range(len(bands)), key=lambda place: bands[place][1] - bands[place][0])
        if bands[low][1] - bands[low][0] + 1 >= _SMALL * tallest:
            break
        above = bands[low][0] - bands[low - 1][1] if low else math.inf
        below = bands[low + 1][0] - bands[low][1] if low + 1 < len(bands) else math.inf
        other = low - 1 if above <= below else low
        bands[other : other + 2] = [(bands[other][0], bands[other + 1][1])]
    return bands
