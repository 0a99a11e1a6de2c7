"""The files that MNIST comes in (one `.npz`, or four IDX files, gzipped or not) and the check that they hold MNIST.

Knows nothing of where the files lie or come from.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import struct
import zipfile
from typing import IO, NamedTuple

import numpy as np

from core.constants import SIDE_PX
from core.system.files import DAMAGE

_MAX_HEADER_BYTES = 4096  # in front of the data: 8 or 16 bytes in an IDX file, 128 in what numpy writes


class Part(NamedTuple):
    """One of MNIST's four arrays: its name in an `.npz`, the start of its IDX file's name, its shape, that file's md5."""

    key: str
    stem: str
    shape: tuple[int, ...]
    md5: str

    def idx_names(self) -> list[str]:
        """The names its IDX file may have: the original, and the one with a dot that some tools write, each also gzipped."""
        names = [f"{self.stem}{mark}idx{len(self.shape)}-ubyte" for mark in "-."]
        return [name + packed for name in names for packed in ("", ".gz")]


X_TRAIN = Part("x_train", "train-images", (60_000, SIDE_PX, SIDE_PX), "6bbc9ace898e44ae57da46a324031adb")
Y_TRAIN = Part("y_train", "train-labels", (60_000,), "a25bea736e30d166cdddb491f175f624")
X_TEST = Part("x_test", "t10k-images", (10_000, SIDE_PX, SIDE_PX), "2646ac647ad5339dbf082846283269ea")
Y_TEST = Part("y_test", "t10k-labels", (10_000,), "27ae3e4e09519cfbb04c329615203637")
PARTS = (X_TRAIN, Y_TRAIN, X_TEST, Y_TEST)


class NotMNIST(ValueError):
    """The file is damaged or is not MNIST. Callers turn it into a DataError that names the file."""


def read(part: Part, stream: IO[bytes]) -> np.ndarray:
    """The part's array, uint8 and read-only, from an opened `.npz` or IDX file. Raises NotMNIST."""
    start = stream.read(2)
    stream.seek(0)
    try:
        if start == b"PK":
            with zipfile.ZipFile(stream) as archive, archive.open(f"{part.key}.npy") as member:
                return _checked(part, member)
        if start == b"\x1f\x8b":
            with gzip.open(stream) as unpacked:
                return _checked(part, unpacked)
        return _checked(part, stream)
    except DAMAGE:
        raise NotMNIST(part.key) from None


def _checked(part: Part, content: IO[bytes] | gzip.GzipFile) -> np.ndarray:
    # Bounded, because a small archive may unpack to anything. The header is skipped unread, be it numpy's or IDX's: with the
    # md5 of the data and its dimensions right, there is nothing left for a header to say.
    num_bytes = math.prod(part.shape)
    data = content.read(num_bytes + _MAX_HEADER_BYTES)[-num_bytes:]
    rank = len(part.shape)
    idx_header = struct.pack(f">4B{rank}I", 0, 0, 8, rank, *part.shape)
    if hashlib.md5(idx_header + data, usedforsecurity=False).hexdigest() != part.md5:
        raise NotMNIST(part.key)
    return np.frombuffer(data, np.uint8).reshape(part.shape)
