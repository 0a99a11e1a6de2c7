"""How the values and labels of a file become pictures of digits: which way up they lie, which is ink, what their labels mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.constants import NUM_CLASSES, SIDE_PX
from core.datasets.forms.columns import WORDS
from core.datasets.forms.raw import Raw
from core.errors import DataError, quoted

# How the pictures lie in the file, and what sets (n, h, w) of them upright.
ORIENTATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "upright": lambda images: images,
    "on their side": lambda images: images.transpose(0, 2, 1),  # rows and columns swapped, as in EMNIST
    "mirrored": lambda images: images[:, :, ::-1],
    "upside down": lambda images: images[:, ::-1, ::-1],
    "mirrored from top to bottom": lambda images: images[:, ::-1],
    "turned to the left": lambda images: np.rot90(images, -1, axes=(1, 2)),
    "turned to the right": lambda images: np.rot90(images, 1, axes=(1, 2)),
    "on their other side": lambda images: images[:, ::-1, ::-1].transpose(0, 2, 1),
}
LABEL_MAPS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "as they are": lambda labels: labels,
    "10 stands for 0": lambda labels: labels % 10,
    "one less": lambda labels: labels - 1,
}
_FULL = 255.0
_CROPPED = 32  # MNIST with two blank pixels around it, as LeNet has it
_BOX_PX = 20  # of MNIST's digits in their 28 x 28 pixels


@dataclass(frozen=True)
class Reading:
    """`orientation` and `labels` are names in ORIENTATIONS and LABEL_MAPS. A value of `paper` is blank, one of `ink` full ink."""

    orientation: str = "upright"
    paper: float = 0.0
    ink: float = _FULL
    labels: str = "as they are"

    @property
    def inverted(self) -> bool:
        """Whether the ink is dark: lower values than the paper's."""
        return self.ink < self.paper

    def other_ink(self) -> Reading:
        """The same with ink and paper changed for each other."""
        return Reading(self.orientation, self.ink, self.paper, self.labels)

    def words(self) -> list[str]:
        """What is done to the file's values, a phrase each; empty where they are taken as they are."""
        said = []
        if self.orientation != "upright":
            said.append(f"images lie {self.orientation}" if "side" in self.orientation else f"images are {self.orientation}")
        if self.inverted:
            said.append("dark ink on bright paper")
        if (low := min(self.paper, self.ink), high := max(self.paper, self.ink)) != (0.0, _FULL):
            said.append(f"values from {low:g} to {high:g}")
        if self.labels != "as they are":
            said.append("labels from 1 on, 10 stands for 0" if self.labels == "10 stands for 0" else "labels are one too high")
        return said


def images(values: np.ndarray, reading: Reading) -> np.ndarray:
    """(n, 28, 28) uint8, upright, paper 0 and ink 255, of (n, h, w) `values`."""
    upright = ORIENTATIONS[reading.orientation](values)
    if (reading.paper, reading.ink) == (0.0, _FULL) and values.dtype == np.uint8:
        scaled = upright
    elif values.dtype == np.uint8:
        every = np.arange(256, dtype=np.float32)
        scaled = _scaled(every, reading)[upright]
    else:
        scaled = _scaled(upright.astype(np.float32), reading)
    return np.ascontiguousarray(_sized(scaled))


def _scaled(values: np.ndarray, reading: Reading) -> np.ndarray:
    share = (values - reading.paper) / (reading.ink - reading.paper)
    return np.rint(share.clip(0, 1) * _FULL).astype(np.uint8)


def _sized(images: np.ndarray) -> np.ndarray:
    """28 x 28: a blank frame is cut off or put around where that is all; else each picture is made larger or smaller."""
    height, width = images.shape[1:]
    if (height, width) == (SIDE_PX, SIDE_PX):
        return images
    margin = (_CROPPED - SIDE_PX) // 2
    if height == width == _CROPPED and not (images.sum() - images[:, margin:-margin, margin:-margin].sum()):
        return images[:, margin:-margin, margin:-margin]
    filled = images[:, 0].any() and images[:, -1].any() and images[:, :, 0].any() and images[:, :, -1].any()
    side = _BOX_PX if filled else SIDE_PX  # a digit that fills its picture gets MNIST's margin
    whole = np.zeros((len(images), SIDE_PX, SIDE_PX), np.uint8)
    begin = (SIDE_PX - side) // 2
    for row, image in enumerate(images):
        small = Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)
        whole[row, begin : begin + side, begin : begin + side] = np.asarray(small)
    return whole


def numbers(labels: np.ndarray, title: str) -> np.ndarray:
    """(n,) int64 of labels that are numbers or words. Raises DataError for one that is neither, or no digit under any map."""
    if labels.dtype.kind in "ui":
        whole = labels.astype(np.int64)
    else:
        kinds, places = np.unique(labels.astype(str), return_inverse=True)
        whole = np.array([_number(each, title) for each in kinds.tolist()], np.int64)[places.reshape(-1)]
    if len(whole) and not (whole.min() >= 0 and whole.max() <= NUM_CLASSES):
        worst = int(whole.max() if whole.max() > NUM_CLASSES else whole.min())
        raise DataError(f"{title} has {worst} as a label; expected the digits 0 to 9. Take the other rows out.")
    return whole


def _number(text: str, title: str) -> int:
    plain = text.strip().strip("\"'").lower()
    try:
        value = WORDS[plain] if plain in WORDS else float(plain)
    except ValueError:
        value = 0.5
    if value != value or abs(value) > 1e6 or not float(value).is_integer():
        raise DataError(f"{title} has {quoted(text)} as a label; expected the digits 0 to 9. Correct it and send the file again.")
    return int(value)


def label_maps(labels: np.ndarray) -> list[str]:
    """The maps under which (n,) whole `labels` are digits."""
    return [
        name
        for name, map_ in LABEL_MAPS.items()
        if len(labels)
        and 0 <= (mapped := map_(labels)).min()
        and mapped.max() < NUM_CLASSES
        and (name != "10 stands for 0" or labels.max() == NUM_CLASSES)
    ]


def scale(raw: Raw) -> tuple[float, float]:
    """The values of blank and of full, as far as the values alone tell: 0 and 255 for bytes, 0 and 1 for shares."""
    if not raw.values.size:
        return 0.0, _FULL
    low, high = float(raw.values.min()), float(raw.values.max())
    if low < 0:
        return (-1.0, 1.0) if low >= -1 and high <= 1 else (low, high)
    for top in (1.0, 16.0, _FULL, 1023.0, 4095.0, 65535.0):
        if high <= top and (top != 16.0 or raw.values.shape[1] == 8):
            return 0.0, top
    return 0.0, high
