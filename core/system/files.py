"""Atomic writes: a file is there whole or not at all. Every file that the product writes goes through here."""

from __future__ import annotations

import io
import lzma
import math
import os
import shutil
import struct
import tempfile
import time
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import numpy as np

# What reading an archive raises when a byte of it is wrong, or the disk when it cannot be read. NumPy evaluates an array's header
# as Python, so that a damaged one may raise nearly anything.
DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    EOFError,
    RuntimeError,
    MemoryError,
    OverflowError,
    SyntaxError,
    TypeError,
    AttributeError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    tokenize.TokenError,
    zipfile.BadZipFile,
)
_UNFINISHED = ".part"
_SURELY_LEFT_S = 24 * 3600
_MOST_SAID = 200  # characters of what a reader says, which may be the whole header
_MOST_BYTES = 2**30  # of one array: more than the largest upload, and an archive may unpack to anything
Shape = tuple[int | None, ...]  # None: any length


class DamagedFile(Exception):
    """A file that exists but cannot be read whole. The caller says what that means."""


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """A binary file that takes the name `path` only once it is complete and on disk, and has it after a power loss, too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
        _sync(path.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def remove_unfinished(folder: Path) -> None:
    """Removes, at any depth of `folder`, what an `atomic_write` has left behind whose process was killed."""
    for path in folder.rglob(f".*{_UNFINISHED}"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _SURELY_LEFT_S:  # another process may be writing
                path.unlink()


def _sync(folder: Path) -> None:
    """Writes a folder's names to disk, where the system can: Windows cannot."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def save_arrays(path: Path, **arrays: np.ndarray) -> None:
    """Writes named arrays as an uncompressed `.npz`, atomically. Raises TypeError for arrays of objects: nothing is pickled."""
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"Array {name!r} holds Python objects, which are not written: give it a numeric type.")
    with atomic_write(path) as handle:
        np.savez(handle, **arrays)  # type: ignore[arg-type]


def copy(source: Path, path: Path) -> None:
    """Copies a file, atomically. Raises FileNotFoundError."""
    with source.open("rb") as original, atomic_write(path) as handle:
        shutil.copyfileobj(original, handle)


def load_arrays(path: Path, *names: str, shapes: Mapping[str, Shape] | None = None) -> dict[str, np.ndarray]:
    """The arrays of those names in an `.npz`, all of them where none is named.

    Raises FileNotFoundError, or DamagedFile where the archive cannot be read whole, checksums included, or an array has not the
    shape that `shapes` says. NumPy's own reader would leave a damaged file open.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = names or [name.removesuffix(".npy") for name in archive.namelist()]
            arrays = {name: _array(archive, f"{name}.npy") for name in found}
    except FileNotFoundError:
        raise
    except DAMAGE as error:
        raise DamagedFile(f"{path.name} cannot be read: {str(error)[:_MOST_SAID]}") from None
    for name, shape in (shapes or {}).items():
        if not fits(arrays[name].shape, shape):
            raise DamagedFile(f"{path.name} cannot be read: {name} has the shape {arrays[name].shape}, expected {shape}")
    return arrays


def array_names(path: Path) -> list[str]:
    """The names of the arrays in an `.npz`. Raises as `load_arrays` does."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [name.removesuffix(".npy") for name in archive.namelist()]
    except FileNotFoundError:
        raise
    except DAMAGE as error:
        raise DamagedFile(f"{path.name} cannot be read: {str(error)[:_MOST_SAID]}") from None


def fits(shape: tuple[int, ...], wanted: Shape) -> bool:
    """Whether an array's shape is the wanted one."""
    return len(shape) == len(wanted) and all(most in (None, length) for length, most in zip(shape, wanted, strict=True))


def _array(archive: zipfile.ZipFile, member: str) -> np.ndarray:
    """Read whole, which compares the archive's checksum, before NumPy makes anything of it. Raises one of DAMAGE."""
    if archive.getinfo(member).file_size > _MOST_BYTES:
        raise ValueError(f"{member} has more than {_MOST_BYTES >> 20} MB")
    content = io.BytesIO(archive.read(member))
    version = np.lib.format.read_magic(content)
    header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
    shape, _, dtype = header(content)
    # NumPy would reserve as much memory as the header asks for.
    num_bytes = content.getbuffer().nbytes - content.tell()
    if dtype.hasobject or min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != num_bytes:
        raise ValueError(f"the header of {member} does not fit its data")
    content.seek(0)
    return np.asarray(np.lib.format.read_array(content, allow_pickle=False))
