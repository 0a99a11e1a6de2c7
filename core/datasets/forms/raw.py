"""What stands in a file before anything is made of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.errors import DataError

SIDES = range(8, 129)  # pixels of a picture's side


@dataclass(frozen=True, eq=False)
class Raw:
    """`values` (n, h, w), whole numbers or floats as they were found, and `labels` (n,) as they were found: numbers or text.
    `notes` say what was found, in a few words each. `groups` (n,) text says who wrote each; None where nothing tells.
    """

    values: np.ndarray
    labels: np.ndarray
    notes: tuple[str, ...] = ()
    groups: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.labels)


def squared(flat: np.ndarray, what: str) -> np.ndarray:
    """(n, pixels) as (n, side, side). Raises DataError where that is no square that could show a digit."""
    side = math.isqrt(flat.shape[1])
    if side**2 != flat.shape[1] or side not in SIDES:
        raise DataError(
            f"{what} has {flat.shape[1]:,} values for each picture. Expected the pixels of a square, such as 784 for 28 x 28."
        )
    return flat.reshape(len(flat), side, side)


def joined(parts: list[Raw]) -> Raw:
    """One after the other. Raises DataError where their pictures differ in size."""
    if len(parts) == 1:
        return parts[0]
    sizes = {part.values.shape[1:] for part in parts}
    if len(sizes) > 1:
        listed = " and ".join(f"{height} x {width}" for height, width in sorted(sizes))
        raise DataError(f"The files hold pictures of {listed} pixels. Import those of one size by themselves.")
    return Raw(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.labels for part in parts]),
        tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        joined_groups([part.groups for part in parts]),
    )


def joined_groups(parts: list[np.ndarray | None]) -> np.ndarray | None:
    """One after the other; None where a part has none."""
    known = [part for part in parts if part is not None]
    return np.concatenate(known) if known and len(known) == len(parts) else None
