"""Why a photo of digits is not read, in a sentence that says what to do: measured on the picture alone.

Only a photo that is read badly is asked about. Its thresholds were chosen on pages composed of MNIST's training images; how often
the right fault is named, on others, is measured by `bench/photo_faults.py`. Knows no network. Any thread may call this; a photo
takes about a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import find_objects, gaussian_filter, label, median_filter, sobel

from core.drawing.lines import tilt_of
from core.drawing.photos import darkness_of, grey_of

SURE = 0.9  # a digit of less certainty may be wrong
_MOST = 2  # sentences
_DARK, _WHITE = 60, 250  # of 255: the lightest hundredth of too dark a picture; half of an overexposed one
_FAINT, _BLANK = 0.22, 0.4  # by which share of the paper's light faint ink is darker at most, and what may be noise
_OVER_NOISE = 18.0  # times the noise; ink is darker than that
_SOFT_PX, _APART_PX, _MAD = 1.5, 8, 0.6745  # the last: the median of absolute values of a normal distribution of deviation 1
_EDGE_PX = 2.5  # the blur of an edge, as a Gaussian's standard deviation; an edge that is in focus has 1.2
_SMALL_PX = 22  # a digit of less is read badly
_TILT_DEG, _TILT_GAIN = 10.0, 1.3  # and by how much better the lines fit when turned
_LIGHT_STEP = 0.5  # natural logarithm of the light beside and in a shadow
_BLOCK_PX = 24  # of the picture, within which the light is one
_PAPER = 0.45  # of the picture is hardly darker than the light about it, where it is paper
_HARDLY = 0.06
_ACROSS, _OF_LINE = 0.8, 0.55  # of the picture's width or height that a printed line reaches; that is seen of it
_OVER_CHANCE = 1.8  # times the share of the picture that is dark
_LINES = 3  # and more are printed, not written
_AXIS_DEG = 12  # by how much printed lines are tilted at most
_LARGER, _SPECK_PX = 0.35, 8  # of the largest mark; what is smaller is no digit
_CUT = (0.3, 1.6)  # of the digits' size, what is cut off at the border


@dataclass(frozen=True)
class _Marks:
    """What is darker than paper, part by part: its longer side and whether it touches the rim or goes across the picture."""

    sides_px: np.ndarray
    touching: np.ndarray
    across: np.ndarray
    mask: np.ndarray  # (h, w) what neither touches the rim nor goes across

    @property
    def digits_px(self) -> float:
        """The size of the larger marks that stand free; 0 without any."""
        return _typical(self.sides_px[~self.touching & ~self.across])

    @property
    def num_cut(self) -> int:
        """How many marks of about the digits' size touch the rim."""
        at_rim = self.sides_px[self.touching & ~self.across]
        least, most = (share * (self.digits_px or _typical(at_rim)) for share in _CUT)
        return int(((at_rim >= max(least, _SPECK_PX)) & (at_rim <= most)).sum())


def _typical(sides_px: np.ndarray) -> float:
    return float(np.median(sides_px[sides_px >= _LARGER * sides_px.max()])) if len(sides_px) else 0.0


def trusted(certainties: Sequence[float], num_rejected: int) -> float:
    """What `faults` is to be told of a reading: the certainty of its least certain digit, 0 where most of it was rejected."""
    return min(certainties, default=0.0) if num_rejected <= len(certainties) else 0.0


def faults(picture: np.ndarray, certainty: float) -> list[str]:
    """What is wrong with a photo (h, w, 3) uint8, in one sentence or two; none for one that is read well.

    `certainty` is that of `trusted`.
    """
    raw = np.asarray(picture, np.float32).mean(axis=2)
    grey = grey_of(picture)
    darkness, threshold = darkness_of(grey)
    marks = _marks(darkness > threshold)
    if certainty >= SURE:
        cut = marks.num_cut and marks.digits_px >= _SMALL_PX and not _printed(darkness > threshold)
        return [_CUT_OFF] if cut else []
    ink = float(darkness[darkness > threshold].mean()) if threshold < 1 else 0.0
    if spoiled := _spoiled(raw, grey, darkness, ink):
        return [spoiled]
    no_digits = [] if certainty else [_NO_DIGITS]
    # A page that is mostly in shadow is dark as a blackboard is.
    if max(_paper(darkness), _paper(darkness_of(raw)[0])) < _PAPER:
        return no_digits
    return _found(grey, darkness > threshold, marks, ink)[:_MOST] or no_digits


def _spoiled(raw: np.ndarray, grey: np.ndarray, darkness: np.ndarray, ink: float) -> str:
    """The fault that leaves nothing else to be measured; empty without one."""
    if np.quantile(raw, 0.99) < _DARK:
        return "The picture is too dark: turn on a light, or take it beside a window."
    if np.median(raw) >= _WHITE and ink < _FAINT:
        return "The picture is overexposed, white all over: take it without a flash and out of the sun."
    darkest = float(gaussian_filter(darkness, _SOFT_PX).max())
    if darkest < min(_BLANK, _OVER_NOISE * _noise(grey)):
        return "Nothing seems to be written here: write dark on light paper, and fill the picture with it."
    if _edge_px(grey, darkness) > _EDGE_PX:
        return "The picture is blurred: hold the camera still, or step back a little."
    return ""


def _found(grey: np.ndarray, mask: np.ndarray, marks: _Marks, ink: float) -> list[str]:
    """The faults of a picture that is sharp and light enough, the most telling first."""
    found = []
    step = _light_step(grey)
    if step > _LIGHT_STEP:
        found.append("A shadow lies on the paper: turn it to the light, or do not lean over it.")
    if printed := _printed(mask):
        return [*found, printed]  # the edge of a shadow may look like lines
    if found:
        return found
    if 0 < marks.digits_px < _SMALL_PX:
        found.append(f"The digits are too small, {marks.digits_px:.0f} pixels tall: go closer, until they fill the picture.")
    elif ink < _FAINT:
        found.append("The ink is too faint: write with a darker or thicker pen.")
    tilt_deg, gain = tilt_of(marks.mask)
    if abs(tilt_deg) >= _TILT_DEG and gain >= _TILT_GAIN:
        found.append(f"The lines are tilted by {abs(tilt_deg):.0f}°: hold the camera straight over the paper.")
    if marks.num_cut:
        found.append(_CUT_OFF)
    return found


_CUT_OFF = "Digits are cut off at the border: take all of them into the picture."
_NO_DIGITS = "This does not look like digits on paper: write them large and dark, each by itself."


def _paper(darkness: np.ndarray) -> float:
    """The share of the picture that is as light as what lies about it."""
    return float((darkness < _HARDLY).mean())


def _noise(grey: np.ndarray) -> float:
    """The standard deviation of the paper's grain and the camera's noise, once softened, as a share of the paper's light."""
    soft = gaussian_filter(grey, _SOFT_PX)
    steps = np.abs(soft[_APART_PX:] - soft[:-_APART_PX])  # further apart than the softening reaches
    return float(np.median(steps)) / (_MAD * float(np.sqrt(2)) * max(float(np.median(grey)), 1.0))


def _edge_px(grey: np.ndarray, darkness: np.ndarray) -> float:
    """The standard deviation of the blur at the sharpest edges, from their slope: an edge of contrast c that is blurred by s
    pixels has a slope of c / (s sqrt(2 pi)) at most.
    """
    contrast = float(np.quantile(darkness, 0.998)) * float(np.median(grey))
    soft = gaussian_filter(grey, 0.8)  # else the noise has the steepest slopes
    slope = float(np.quantile(np.hypot(sobel(soft, 0), sobel(soft, 1)), 0.999)) / 8
    return contrast / (max(slope, 1e-3) * float(np.sqrt(2 * np.pi)))


def _light_step(grey: np.ndarray) -> float:
    """The largest change of light from one block of the picture to the next, as a difference of logarithms."""
    height, width = (max(side // _BLOCK_PX, 2) for side in grey.shape)
    rows = np.array_split(grey, height, axis=0)
    light = np.log([[max(float(np.quantile(part, 0.8)), 1.0) for part in np.array_split(row, width, axis=1)] for row in rows])
    light = median_filter(light, 3)  # a thick stroke darkens a block
    return float(max(np.abs(np.diff(light, axis=axis)).max() for axis in (0, 1)))


def _marks(mask: np.ndarray) -> _Marks:
    parts, _ = label(mask, np.ones((3, 3)))
    places = find_objects(parts)
    if not places:
        none = np.zeros(0, bool)
        return _Marks(np.zeros(0), none, none, np.zeros_like(mask))
    height, width = mask.shape
    edges = np.array([(rows.start, rows.stop, columns.start, columns.stop) for rows, columns in places])
    tall, wide = edges[:, 1] - edges[:, 0], edges[:, 3] - edges[:, 2]
    touching = (edges[:, 0] <= 1) | (edges[:, 1] >= height - 1) | (edges[:, 2] <= 1) | (edges[:, 3] >= width - 1)
    across = (wide > _ACROSS * width) | (tall > _ACROSS * height)
    free = np.concatenate([[False], ~touching & ~across])
    return _Marks(np.maximum(tall, wide).astype(float), touching, across, free[parts])


def _printed(mask: np.ndarray) -> str:
    """The sentence about the paper's own lines, where they are among what is taken for ink; else empty."""
    from skimage.transform import hough_line  # here: only photos need it

    half = mask[::2, ::2]
    counts = []
    for middle_deg, side in ((-90, half.shape[1]), (0, half.shape[0])):  # lines from left to right, and upright ones
        angles = np.deg2rad(np.arange(middle_deg - _AXIS_DEG, middle_deg + _AXIS_DEG + 1, 1.0))
        votes = hough_line(half, theta=angles)[0].max(axis=1) > max(_OF_LINE, _OVER_CHANCE * half.mean()) * side
        counts.append(int(np.count_nonzero(np.diff(votes.astype(int), prepend=0) == 1)))
    across, upright = counts
    if across >= _LINES and upright >= _LINES:
        return "The squares of the paper are nearly as dark as the ink: use plain paper, or a darker and thicker pen."
    if max(across, upright) >= _LINES:
        return "Dark ruled lines run through the digits: write between the lines, or on plain paper."
    return ""
