"""Digits as arrays: NumPy's npz and npy, IDX as MNIST, EMNIST and QMNIST have it, Matlab files as EMNIST and USPS have them."""

from __future__ import annotations

import math
import re
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.constants import NUM_CLASSES
from core.datasets.forms.members import MAX_BYTES, Member
from core.datasets.forms.raw import SIDES, Raw, joined
from core.errors import DataError
from core.system.files import DAMAGE
from core.text import inert

_IDX_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_QMNIST_COLUMNS = 8  # the first is the class
# Of QMNIST's 60,000 test images the first are MNIST's test images, made anew and changed by a grey level or so: on those nothing
# is to be chosen. The other 50,000 are new (github.com/facebookresearch/qmnist).
_QMNIST_TEST, _QMNIST_IMAGES, _QMNIST_REMADE = re.compile(r"qmnist-test-images", re.IGNORECASE), 60_000, 10_000
_TEST, _TRAIN = re.compile(r"test|t10k|val", re.IGNORECASE), re.compile(r"train", re.IGNORECASE)
_WORDS = re.compile(r"images?|labels?|data|targets?|digits?|idx\d|ubyte|byte|fea|gnd|^x|^y|[\d\W_]+", re.IGNORECASE)


def kind(member: Member) -> str:
    """ "npz", "npy", "idx" or "mat"; empty for any other file."""
    head = member.head(4)
    if head.startswith(b"PK\x03\x04"):
        return "npz"
    if member.head(6) == b"\x93NUMPY":
        return "npy"
    if member.head(10).startswith(b"MATLAB 5.0"):
        return "mat"
    if len(head) == 4 and head[:2] == b"\0\0" and head[2] in _IDX_TYPES and 1 <= head[3] <= 4:
        return "idx"
    return ""


def read(found: Sequence[Member]) -> Raw:
    """The digits of the arrays in all these files together: pairs of pictures and labels that fit. Raises DataError."""
    arrays: dict[str, np.ndarray] = {}
    for member in found:
        arrays |= _READERS[kind(member)](member)
    return paired(arrays, found[0].name if len(found) == 1 else f"{len(found)} files")


def paired(arrays: Mapping[str, np.ndarray], title: str) -> Raw:
    """Pictures and labels by their shapes and, where several fit, by their names. Of a training and a test part the first."""
    pictures = {name: shaped for name, array in arrays.items() if (shaped := _as_pictures(array)) is not None}
    labels = {name: flat for name, array in arrays.items() if (flat := _as_labels(array)) is not None}
    notes = []
    if any(_TRAIN.search(name) for name in pictures):
        left = [name for name in pictures if _TEST.search(name) and not _TRAIN.search(name)]
        pictures = {name: array for name, array in pictures.items() if name not in left}
        if left:
            notes.append("the test part was left out; it can be imported by itself")
    parts = []
    for name, (images, how) in sorted(pictures.items()):
        fitting = {each: column for each, column in labels.items() if len(column) == len(images)}
        if not fitting:
            continue
        best = max(fitting, key=lambda each: _likeness(name, each))
        part = Raw(images, fitting[best], tuple(filter(None, (f"{_last(name)} with {_last(best)}", how))))
        parts.append(_without_remade(part) if _QMNIST_TEST.search(name) else part)
    if not parts:
        shapes = ", ".join(f"{name} {'x'.join(map(str, array.shape))}" for name, array in list(arrays.items())[:6])
        missing = "labels for its pictures" if pictures else "pictures"
        raise DataError(f"{title} holds no {missing}: {shapes or 'no arrays'}. Expected n pictures of 28 x 28 and n labels.")
    whole = joined(parts)
    return Raw(whole.values, whole.labels, (*whole.notes, *notes))


def _without_remade(part: Raw) -> Raw:
    """QMNIST's test images without those of MNIST."""
    if len(part) != _QMNIST_IMAGES:
        return part
    note = f"the first {_QMNIST_REMADE:,}, which are MNIST's test images made anew, were left out"
    return Raw(part.values[_QMNIST_REMADE:], part.labels[_QMNIST_REMADE:], (*part.notes, note))


def _as_pictures(array: np.ndarray) -> tuple[np.ndarray, str] | None:
    """(n, h, w) of an array that may hold pictures, and how they stood in it."""
    if array.dtype.kind not in "uifb" or array.ndim < 2 or not len(array):
        return None
    shape = array.shape
    if array.ndim == 4 and shape[3] == 1:
        return _as_pictures(array[..., 0])
    if array.ndim == 4 and shape[1] == 1:
        return _as_pictures(array[:, 0])
    if array.ndim == 3:
        if shape[1] == shape[2] and shape[1] in SIDES:
            return array, ""
        if shape[0] == shape[1] and shape[0] in SIDES:
            return np.moveaxis(array, 2, 0), "pictures along the last axis"
    if array.ndim == 2:
        for flat, how in ((array, ""), (array.T, "one picture a column")):
            side = math.isqrt(flat.shape[1])
            if side**2 == flat.shape[1] and side in SIDES and (len(flat) > NUM_CLASSES or how == ""):
                return flat.reshape(len(flat), side, side), how
    return None


def _as_labels(array: np.ndarray) -> np.ndarray | None:
    """(n,) of an array that may hold labels: numbers, text, or ten columns of which one is set."""
    if array.ndim == 2 and 1 in array.shape:
        array = array.reshape(-1)
    if array.ndim == 2 and array.shape[1] == _QMNIST_COLUMNS and array.dtype.kind in "ui":
        return array[:, 0]
    if array.ndim == 2 and array.dtype.kind in "uifb" and NUM_CLASSES in array.shape:
        one_hot = array if array.shape[1] == NUM_CLASSES else array.T
        high, low = one_hot.max(), one_hot.min()
        if high > low and ((one_hot == high).sum(axis=1) == 1).all() and np.isin(one_hot, (low, high)).all():
            return np.asarray(one_hot.argmax(axis=1))
        return None
    return array if array.ndim == 1 and array.dtype.kind in "uifUS" else None


def _last(name: str) -> str:
    return inert(name.rpartition("/")[2])


def _likeness(pictures: str, labels: str) -> int:
    """How much two names have in common once the words for pictures and labels are taken out of both."""
    first, second = (set(filter(None, _WORDS.split(name.lower()))) for name in (pictures, labels))
    return len(first & second) - len(first ^ second)


def _npz(member: Member) -> dict[str, np.ndarray]:
    member.stream.seek(0)
    try:
        with zipfile.ZipFile(member.stream) as archive:
            claimed = sum(each.file_size for each in archive.infolist())
            _bound(claimed, member.name)
        member.stream.seek(0)
        with np.load(member.stream, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except DAMAGE:
        raise _damaged(member.name, "an npz of numbers") from None


def _npy(member: Member) -> dict[str, np.ndarray]:
    member.stream.seek(0)
    try:
        version = np.lib.format.read_magic(member.stream)
        reads = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = reads(member.stream)
        _bound(math.prod(shape) * kind.itemsize, member.name)
        member.stream.seek(0)
        return {member.path: np.lib.format.read_array(member.stream, allow_pickle=False)}
    except DAMAGE:
        raise _damaged(member.name, "an npy of numbers") from None


def _idx(member: Member) -> dict[str, np.ndarray]:
    raw = member.read()
    num_axes = raw[3]
    begin = 4 + 4 * num_axes
    if len(raw) < begin:
        raise _damaged(member.name, "an IDX file")
    shape, kind = struct.unpack(f">{num_axes}I", raw[4:begin]), np.dtype(_IDX_TYPES[raw[2]])
    if math.prod(shape) * kind.itemsize != len(raw) - begin:
        raise _damaged(member.name, "an IDX file")
    return {member.path: np.frombuffer(raw, kind, offset=begin).reshape(shape)}


def _mat(member: Member) -> dict[str, np.ndarray]:
    from scipy import io

    member.stream.seek(0)
    try:
        content = io.loadmat(member.stream, simplify_cells=True, verify_compressed_data_integrity=True)
    except (*DAMAGE, io.matlab.MatReadError):
        raise _damaged(member.name, "a Matlab file") from None
    return dict(_flattened(content, ""))


def _flattened(content: Mapping[str, Any], prefix: str) -> list[tuple[str, np.ndarray]]:
    found = []
    for name, value in content.items():
        if name.startswith("__"):
            continue
        if isinstance(value, Mapping):
            found += _flattened(value, f"{prefix}{name}.")
        elif isinstance(value, np.ndarray) and value.dtype.kind in "uifbUS":
            found.append((prefix + name, value))
    return found


def _bound(num_bytes: int, name: str) -> None:
    if num_bytes > MAX_BYTES:
        raise DataError(
            f"{name} claims to hold {num_bytes / 2**20:,.0f} MB; up to {MAX_BYTES // 2**20:,} MB are read. Send part of it."
        )


def _damaged(name: str, what: str) -> DataError:
    return DataError(f"{name} is damaged or cut off, or is not {what}. Get the file again.")


_READERS = {"npz": _npz, "npy": _npy, "idx": _idx, "mat": _mat}
