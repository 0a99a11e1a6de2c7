"""Digits as pictures, one in a file: in folders named by their label, with the label in the name, or inside a table."""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

import numpy as np
from PIL import Image

from core.constants import NUM_CLASSES
from core.datasets.forms import groups
from core.datasets.forms.columns import WORDS, Progress
from core.datasets.forms.members import Member
from core.datasets.forms.raw import SIDES, Raw
from core.errors import DataError
from core.system.picture_formats import heic

_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_MOST_PIXELS = 4096**2  # of one picture: it shows one digit
_SCALED_SIDE = 28
_LOOK_EVERY = 200
_WORD = "|".join(WORDS)
# Where the label may stand, from the likeliest on: the folder, then a number in the name of the file.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("folder", re.compile(rf"(?i)^(?:\D*[\W_])?(\d{{1,2}}|{_WORD})(?:[\W_]\D*)?$")),
    ("name", re.compile(rf"(?i)(?:label|class|digit|num|y)[\W_]?(\d{{1,2}}|{_WORD})(?!\d)")),
    ("name", re.compile(rf"(?i)^(\d{{1,2}}|{_WORD})(?:[\W_a-z]|$)")),
    ("name", re.compile(rf"(?i)[\W_](\d{{1,2}}|{_WORD})$")),
)


def is_picture(member: Member) -> bool:
    """Whether the file begins as a picture does."""
    head = member.head(16)
    return head.startswith(_MAGIC) or head[8:12] == b"WEBP" or head[4:8] == b"ftyp"


def read(found: Sequence[Member], report: Progress) -> Raw:
    """The pictures in the order of their paths, labelled by the first rule that gives all of them a label. Raises DataError."""
    labels, rule = _labels([each.path for each in found])
    values = _values(((each.read(), each.name) for each in found), len(found), report)
    by_whom = groups.of_paths([each.path for each in found])
    return Raw(*values_and_labels(values, labels), (f"{len(found):,} pictures", f"label in the {rule}"), by_whom)


def read_files(files: Sequence[tuple[bytes, str, str]], name: str, report: Progress) -> Raw:
    """Pictures that stand in a table, with their labels and, where that is not empty, who wrote them."""
    values = _values(((content, name) for content, _, _ in files), len(files), report)
    labels, by_whom = (np.array([each[place] for each in files]) for place in (1, 2))
    return Raw(*values_and_labels(values, labels), ("pictures in a table",), groups.checked(by_whom))


def values_and_labels(values: list[np.ndarray], labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, h, w) of the pictures: as they are where all are small squares of one size, else each fitted into 28 x 28."""
    sizes = {value.shape for value in values}
    if len(sizes) == 1 and (size := next(iter(sizes)))[0] == size[1] and size[0] in SIDES:
        return np.stack(values), labels
    return np.stack([_fitted(value) for value in values]), labels


def _labels(paths: Sequence[str]) -> tuple[np.ndarray, str]:
    for where, pattern in _RULES:
        texts = [_part(path, where) for path in paths]
        found = [pattern.search(text) for text in texts]
        if all(found):
            labels = np.array([each[1].lower() for each in found if each])
            if len(set(labels)) > 1 and len(set(labels)) <= NUM_CLASSES + 1:
                return labels, where
    folders = Counter(PurePosixPath(path).parent.name for path in paths)
    raise DataError(
        f"The labels of {len(paths):,} pictures could not be told from their folders ({', '.join(list(folders)[:3])}) or names. "
        "Put them in folders called 0 to 9."
    )


def _part(path: str, where: str) -> str:
    parts = PurePosixPath(path)
    return parts.parent.name if where == "folder" else parts.stem


def _values(files: Iterable[tuple[bytes, str]], count: int, report: Callable[[float], None]) -> list[np.ndarray]:
    values = []
    for place, (content, name) in enumerate(files):
        values.append(grey(content, name))
        if place % _LOOK_EVERY == 0:
            report(place / count)
    return values


def grey(content: bytes, name: str) -> np.ndarray:
    """(h, w) uint8 of a picture's brightness, on white where it is transparent; of one that is only opaque ink, its opacity."""
    heic()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    raise DataError(f"{name} has {picture.width} x {picture.height} pixels. Expected the picture of one digit.")
                return _brightness(picture)
    except DataError:
        raise
    except Exception:  # a decoder raises anything where the file is damaged
        raise DataError(f"{name} is a damaged picture, or one of a kind that cannot be read. Save it as PNG.") from None


def _brightness(picture: Image.Image) -> np.ndarray:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        colored = picture.convert("RGBA")
        rgba = np.asarray(colored)
        opaque = rgba[..., :3][rgba[..., 3] > 0]
        if not opaque.size or not np.ptp(opaque):
            return rgba[..., 3].copy()
        return np.asarray(Image.alpha_composite(Image.new("RGBA", picture.size, "white"), colored).convert("L"))
    if picture.mode.startswith("I"):  # sixteen bits
        return (np.asarray(picture).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8)
    return np.asarray(picture.convert("L"))


def _fitted(value: np.ndarray) -> np.ndarray:
    """The picture within 28 x 28, its sides in the same ratio, on the ground of its border."""
    height, width = value.shape
    scale = _SCALED_SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(Image.fromarray(value).resize(size, Image.Resampling.LANCZOS))
    border = np.concatenate([value[0], value[-1], value[:, 0], value[:, -1]])
    whole = np.full((_SCALED_SIDE, _SCALED_SIDE), round(float(np.median(border))), np.uint8)
    top, left = (_SCALED_SIDE - small.shape[0]) // 2, (_SCALED_SIDE - small.shape[1]) // 2
    whole[top : top + small.shape[0], left : left + small.shape[1]] = small
    return whole
