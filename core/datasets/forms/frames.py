"""Digits in Parquet and Arrow: pixels in columns, lists of pixels, or pictures as data hubs serve them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.datasets.forms import groups
from core.datasets.forms.columns import LABELS, SAMPLED_ROWS, Filling, Progress, columns_of
from core.datasets.forms.members import MAX_BYTES, Member
from core.datasets.forms.raw import Raw, squared
from core.errors import DataError, quoted
from core.system.files import DAMAGE

if TYPE_CHECKING:
    import pyarrow as pa

_MAGIC = (b"PAR1", b"ARRO", b"\xff\xff\xff\xff")


def is_frame(member: Member) -> bool:
    """Whether the file begins as Parquet or Arrow does."""
    return member.head(4) in _MAGIC


def read(member: Member, report: Progress) -> Raw | list[tuple[bytes, str, str]]:
    """The digits of a Parquet or Arrow table: pixels in columns, lists of pixels, or pictures, as (file, label, writer), the last
    one empty where the table does not tell.
    """
    import pyarrow as pa

    try:
        batches = _bounded(_batches(member), member.name)
    except (pa.ArrowException, *DAMAGE) as error:
        raise DataError(
            f"{member.name} cannot be read as Parquet or Arrow: {quoted(str(error)[:120])}. Get the file again."
        ) from None
    if not batches or not sum(len(each) for each in batches):
        raise DataError(f"{member.name} has no rows. It needs one row for each picture.")
    schema = batches[0].schema
    label = next((place for place, name in enumerate(schema.names) if name.lower() in LABELS), None)
    group = groups.column(schema.names)
    pictures = next((place for place, kind in enumerate(schema.types) if _holds_pictures(kind)), None)
    lists = next((place for place, kind in enumerate(schema.types) if pa.types.is_nested(kind) and place != pictures), None)
    if label is None and (pictures is not None or lists is not None):
        raise DataError(f"{member.name} has no column of labels. Name it label.")
    if pictures is not None and label is not None:
        return [each for batch in batches for each in _files(batch, pictures, label, group)]
    if lists is not None and label is not None:
        return _of_lists(batches, lists, label, group, member.name)
    sample = [[str(cell) for cell in row.values()] for row in batches[0].slice(0, SAMPLED_ROWS).to_pylist()]
    columns = columns_of(tuple(schema.names), sample, member.name)
    found = Filling(columns)
    for place, batch in enumerate(batches, start=1):
        found.add(batch, member.name)
        report(place / len(batches))
    return found.raw(columns.notes, member.name)


def _bounded(batches: Iterator[pa.RecordBatch], name: str) -> list[pa.RecordBatch]:
    """All of them, each whole: what is damaged inside would be read beyond its end. A small file may unpack to anything."""
    kept, num_bytes = [], 0
    for batch in batches:
        batch.validate(full=True)
        num_bytes += batch.nbytes
        if num_bytes > MAX_BYTES:
            raise DataError(
                f"{name} unpacks to more than {MAX_BYTES // 2**20:,} MB, which is the most that is read. Send part of it."
            )
        kept.append(batch)
    return kept


def _batches(member: Member) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import ipc, parquet

    member.stream.seek(0)
    if member.head(4) == b"PAR1":
        yield from parquet.ParquetFile(member.stream).iter_batches(batch_size=4096)
        return
    source = pa.PythonFile(member.stream, mode="r")
    if member.head(6) == b"ARROW1":
        reader = ipc.open_file(source)
        yield from (reader.get_batch(place) for place in range(reader.num_record_batches))
    else:
        yield from ipc.open_stream(source)


def _holds_pictures(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return any(kind.field(place).name == "bytes" for place in range(kind.num_fields))
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _files(batch: pa.RecordBatch, pictures: int, label: int, group: int | None) -> Iterator[tuple[bytes, str, str]]:
    by_whom = [""] * len(batch) if group is None else batch.column(group).to_pylist()
    for each, digit, writer in zip(batch.column(pictures).to_pylist(), batch.column(label).to_pylist(), by_whom, strict=True):
        yield (each.get("bytes") if isinstance(each, dict) else each) or b"", str(digit), str(writer)


def _of_lists(batches: Sequence[pa.RecordBatch], lists: int, label: int, group: int | None, name: str) -> Raw:
    parts, labels, by_whom = [], [], []
    for batch in batches:
        try:
            parts.append(np.array(batch.column(lists).to_pylist(), np.float32).reshape(len(batch), -1))
        except (ValueError, TypeError):
            raise DataError(f"{name} has pictures of different sizes, or values that are no numbers.") from None
        labels.append(np.asarray(batch.column(label)).astype(str))
        if group is not None:
            by_whom.append(np.asarray(batch.column(group)).astype(str))
    flat = np.concatenate(parts)
    if not np.isfinite(flat).all():
        raise DataError(f"{name} has values that are no finite numbers. Correct them and send the file again.")
    if flat.min() >= 0 and flat.max() <= 255 and np.array_equal(flat, np.rint(flat)):
        flat = flat.astype(np.uint8)
    notes = (f"label in {quoted(batches[0].schema.names[label])}",)
    return Raw(squared(flat, name), np.concatenate(labels), notes, groups.checked(np.concatenate(by_whom)) if by_whom else None)
