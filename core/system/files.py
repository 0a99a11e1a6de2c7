"""Files that are whole or not there: every file the product writes is written through here."""

from __future__ import annotations

import io
import lzma
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import numpy as np

# What reading an archive raises when a byte of it is wrong, or the disk when it cannot be read.
DAMAGE = (OSError, ValueError, KeyError, EOFError, RuntimeError, struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


class DamagedFile(Exception):
    """A file that is there but cannot be read whole. Whoever reads it says what that means for the person."""


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """A binary file that takes the name `path` only once it is complete and on disk, and has it after a power loss, too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
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


def _sync(folder: Path) -> None:
    """Writes a folder's names to disk, where the system can: Windows cannot."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def save_arrays(path: Path, **arrays: np.ndarray) -> None:
    """Writes named arrays as an uncompressed `.npz`, atomically. Object arrays are refused: nothing here is ever pickled."""
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"Array {name!r} holds Python objects, which are not written: give it a numeric type.")
    with atomic_write(path) as handle:
        np.savez(handle, **arrays)  # type: ignore[arg-type]


def copy(source: Path, path: Path) -> None:
    """Copies a file, atomically. Raises FileNotFoundError."""
    with source.open("rb") as original, atomic_write(path) as handle:
        shutil.copyfileobj(original, handle)


def load_arrays(path: Path, *names: str) -> dict[str, np.ndarray]:
    """The arrays of those names in an `.npz`, all of them where none is named.

    Raises FileNotFoundError, or DamagedFile where the archive cannot be read whole, checksums included. NumPy's own reader
    would leave a damaged file open.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = names or [name.removesuffix(".npy") for name in archive.namelist()]
            # Read whole, which compares the archive's checksum, before NumPy makes anything of the header.
            parts = {name: io.BytesIO(archive.read(f"{name}.npy")) for name in found}
        return {name: np.lib.format.read_array(part, allow_pickle=False) for name, part in parts.items()}
    except FileNotFoundError:
        raise
    except DAMAGE as error:
        raise DamagedFile(f"{path.name} cannot be read: {error}") from None
