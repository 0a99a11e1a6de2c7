"""The files that were given, unpacked as far as they are packed, in bounded memory; what an operating system adds is left out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from core.errors import DataError, reason
from core.system.files import DAMAGE
from core.text import inert

MAX_BYTES = 2**30  # unpacked, all files together
_MAX_FILES = 200_000
_MAX_DEPTH = 3  # a zip of a tar of a gzip
_CHUNK = 2**20
_UNPACK: dict[bytes, Callable[[IO[bytes]], Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
_ENDINGS = (".gz", ".bz2", ".xz", ".tgz")
_RUBBISH = {"thumbs.db", "desktop.ini", "__macosx"}


@dataclass(frozen=True, eq=False)
class Member:
    """A file: its path within what was given, `/` between folders, and its content. `stream` may be read from its start."""

    path: str
    stream: IO[bytes]

    @property
    def name(self) -> str:
        """The last part of the path, fit to be shown."""
        return inert(PurePosixPath(self.path).name) or "a file without a name"

    def head(self, count: int = 512) -> bytes:
        """Its first bytes."""
        self.stream.seek(0)
        head = self.stream.read(count)
        self.stream.seek(0)
        return head

    def size(self) -> int:
        """Its length in bytes."""
        size = self.stream.seek(0, os.SEEK_END)
        self.stream.seek(0)
        return size

    def read(self) -> bytes:
        """All of it."""
        self.stream.seek(0)
        return self.stream.read()


def too_large(name: str) -> DataError:
    """Of a file that holds more than MAX_BYTES once it is unpacked."""
    return DataError(f"{name} unpacks to more than {MAX_BYTES // 2**20:,} MB, which is the most that is read. Send part of it.")


class _Budget:
    """How much may still be unpacked. Raises DataError once it is used up: a small file may claim to hold anything."""

    def __init__(self) -> None:
        self.num_bytes, self.num_files = MAX_BYTES, _MAX_FILES

    def unpacked(self, stream: IO[bytes], name: str) -> IO[bytes]:
        content = io.BytesIO()
        while chunk := stream.read(min(_CHUNK, self.num_bytes + 1)):
            self.num_bytes -= len(chunk)
            if self.num_bytes < 0:
                raise too_large(name)
            content.write(chunk)
        content.seek(0)
        return content

    def count(self, name: str) -> None:
        self.num_files -= 1
        if self.num_files < 0:
            raise DataError(f"{name} holds more than {_MAX_FILES:,} files, which is the most that is read. Send part of it.")


def members(given: Iterable[tuple[str, IO[bytes]]]) -> list[Member]:
    """What the given (name, binary file) hold, by path. Raises DataError for what is damaged or too large."""
    budget = _Budget()
    found = [each for name, stream in given for each in _inside(Member(name, stream), budget, 0)]
    return sorted(found, key=lambda each: each.path)


def files_at(path: Path) -> list[tuple[str, Path]]:
    """The file, or those of the folder at any depth, with their paths in it. Raises DataError where nothing is there."""
    if path.is_file():
        return [(path.name, path)]
    if not path.is_dir():
        raise DataError(f"There is no file or folder {path}. Check the path.")
    found = [each for each in sorted(path.rglob("*")) if each.is_file()]
    if not found:
        raise DataError(f"The folder {path} is empty.")
    return [(each.relative_to(path.parent).as_posix(), each) for each in found]


def _inside(member: Member, budget: _Budget, depth: int) -> Iterator[Member]:
    if _is_rubbish(member.path):
        return
    budget.count(member.name)
    head = member.head()
    try:
        if opens := next((opens for magic, opens in _UNPACK.items() if head.startswith(magic)), None):
            _check_depth(member, depth)
            with opens(member.stream) as packed:
                content = budget.unpacked(packed, member.name)
            yield from _inside(Member(_without_ending(member.path), content), budget, depth + 1)
        elif head.startswith(b"PK\x03\x04"):
            yield from _in_zip(member, budget, depth)
        elif head[257:262] == b"ustar":
            _check_depth(member, depth)
            with tarfile.open(fileobj=member.stream) as archive:
                for each in archive:
                    if each.isfile() and (packed := archive.extractfile(each)):
                        inner = Member(f"{member.path}/{each.name}", budget.unpacked(packed, member.name))
                        yield from _inside(inner, budget, depth + 1)
        else:
            yield member
    except (*DAMAGE, tarfile.TarError, zlib.error, EOFError) as error:
        why = reason(error) if isinstance(error, OSError) and error.strerror else "its archive is broken or cut off"
        raise DataError(f"{member.name} cannot be unpacked: {why}. Get the file again.") from None


def _in_zip(member: Member, budget: _Budget, depth: int) -> Iterator[Member]:
    with zipfile.ZipFile(member.stream) as archive:
        inside = [each for each in archive.infolist() if not each.is_dir()]
        names = [each.filename for each in inside]
        if names and all(name.endswith(".npy") for name in names):  # NumPy's own archive
            yield member
            return
        if "[Content_Types].xml" in names:
            raise DataError(f"{member.name} is a document or a workbook. Save its table as CSV, and send that.")
        _check_depth(member, depth)
        for each in inside:
            if _is_rubbish(each.filename):
                continue
            if each.flag_bits & 1:
                raise DataError(f"{member.name} is locked by a password. Unpack it, and send what it holds.")
            with archive.open(each) as packed:
                content = budget.unpacked(packed, member.name)
            yield from _inside(Member(f"{member.path}/{each.filename}", content), budget, depth + 1)


def _check_depth(member: Member, depth: int) -> None:
    if depth >= _MAX_DEPTH:
        raise DataError(f"{member.name} is packed more than {_MAX_DEPTH} times over. Unpack it, and send what it holds.")


def _is_rubbish(path: str) -> bool:
    parts = [part.lower() for part in PurePosixPath(path).parts]
    return any(part in _RUBBISH or part.startswith(".") for part in parts)


def _without_ending(path: str) -> str:
    return next((path[: -len(ending)] for ending in _ENDINGS if path.lower().endswith(ending)), path)
