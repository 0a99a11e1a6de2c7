"""What some files hold, and how they are best read: told by the starter network's agreement with the labels, and shown before it
is believed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import IO

import numpy as np

from core.constants import SIDE_PX
from core.datasets.forms import arrays, frames, pictures, reading, tables
from core.datasets.forms.columns import Progress
from core.datasets.forms.members import Member, members
from core.datasets.forms.raw import Raw, joined
from core.datasets.forms.reading import ORIENTATIONS, Reading
from core.errors import DataError

MIN_ROWS = 20  # a fifth of them is kept for validation
Recognise = Callable[[np.ndarray], np.ndarray]  # (n, 28, 28) uint8 -> probabilities (n, 10)
_NUM_ASKED = 200  # images that the network is asked about, under each of the readings
_KNOWN = 0.5  # share of the labels that it must read, or it knows nothing of such images
_SURE_Z = 4.0  # standard errors by which a reading must be better than every other
_LEAST_LOG = math.log(1e-3)  # no image counts for more than this against a reading
_BYTE, _FEW = 255, 0.001
_NOTE_SHARE = 50  # a text of less than this part of the largest holds no digits


@dataclass(frozen=True, eq=False)
class Found:
    """`raw` is what was found, `labels` (n,) its labels as whole numbers; `proposed` is the reading to begin with.

    With `sure` it takes the values as they stand, and the starter network reads them so and no other way; else a person has to
    look. `known` says whether the network recognises the images at all: `agreement` is the share of labels that it reads under
    the proposal, of `num_asked` images.
    """

    title: str
    raw: Raw
    labels: np.ndarray
    proposed: Reading
    sure: bool
    known: bool
    agreement: float
    num_asked: int

    @property
    def form(self) -> str:
        """ "no header; label in the last column; pictures of 20 x 20"."""
        height, width = self.raw.values.shape[1:]
        writers = [] if self.raw.groups is None else [f"{len(np.unique(self.raw.groups)):,} writers or groups"]
        size = [] if (height, width) == (SIDE_PX, SIDE_PX) else [f"pictures of {width} x {height}"]
        return "; ".join([*self.raw.notes, *writers, *size])

    @property
    def sentence(self) -> str:
        """ "40 images; no header; label in the last column; images lie on their side"."""
        return "; ".join([f"{len(self.raw):,} images", *filter(None, [self.form]), *self.proposed.words()])


def look(given: Sequence[tuple[str, IO[bytes]]], title: str, recognise: Recognise | None, report: Progress) -> Found:
    """What the given (name, binary file) hold. `recognise` is the starter network, None where it is missing. Raises DataError
    with a sentence for files that hold no labelled digits; an exception from `report` ends it.
    """
    raw = _raw(members(given), report)
    if len(raw) < MIN_ROWS:
        raise DataError(f"{title} has {len(raw)} image{'s' * (len(raw) != 1)}; training needs {MIN_ROWS} or more. Add some.")
    labels = reading.numbers(raw.labels, title)
    if labels.min() == labels.max():
        raise DataError(
            f"All {len(labels):,} labels of {title} are {labels[0]}. There is nothing to tell apart: add other digits."
        )
    if raw.values.min() == raw.values.max():
        raise DataError(f"All images of {title} are blank: every value is {raw.values.min():g}. Check how the file was made.")
    _check_values(raw.values, title)
    maps = reading.label_maps(labels)
    if not maps:
        raise DataError(
            f"{title} has labels from {labels.min()} to {labels.max()}; expected the digits 0 to 9. Take the others out."
        )
    plain = Reading("upright", *reading.scale(raw), maps[0])
    proposed, agreement, known, best = _proposal(raw, labels, plain, maps, recognise)
    as_it_stands = not proposed.words() and raw.values.shape[1:] == (SIDE_PX, SIDE_PX)
    return Found(title, raw, labels, proposed, known and best and as_it_stands, known, agreement, min(len(raw), _NUM_ASKED))


def sample(found: Found, chosen: Reading, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Some images, the first of each digit before all second ones: their values as bytes, as they stand in the file; the images
    under a reading; their labels under it.
    """
    labels = reading.LABEL_MAPS[chosen.labels](found.labels)
    turn = np.zeros(len(labels), int)
    for each in np.unique(labels):
        turn[labels == each] = np.arange(int((labels == each).sum()))
    rows = np.lexsort((labels, turn))[:count]
    values = found.raw.values[rows]
    plain = Reading("upright", *reading.scale(found.raw))
    return reading.images(values, plain), reading.images(values, chosen), labels[rows]


def take(found: Found, chosen: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, 28, 28) and labels (n,), both uint8, under a reading. Raises DataError where labels are no digits under it."""
    labels = reading.LABEL_MAPS[chosen.labels](found.labels)
    if labels.min() < 0 or labels.max() > 9:
        raise DataError(
            f"With {chosen.labels!r} {found.title} has labels from {labels.min()} to {labels.max()}; expected 0 to 9."
        )
    return reading.images(found.raw.values, chosen), labels.astype(np.uint8)


def _raw(files: Sequence[Member], report: Progress) -> Raw:
    """The digits of the files that are of the commonest kind, by their size."""
    if not files:
        raise DataError("There is no file of digits in what was sent. Send a table, arrays or pictures.")
    kinds: dict[str, list[Member]] = {}
    for member in files:
        kinds.setdefault(_kind(member), []).append(member)
    known = {kind: found for kind, found in kinds.items() if kind}
    if not known:
        names = ", ".join(member.name for member in files[:3])
        raise DataError(f"{names} cannot be read. Expected a table (CSV, Parquet), arrays (npz, npy, IDX, mat) or pictures.")
    kind = max(known, key=lambda each: sum(member.size() for member in known[each]))
    raw = _READERS[kind](known[kind], report)
    return _with_left(raw, sum(len(found) for each, found in kinds.items() if each != kind))


def _with_left(raw: Raw, count: int) -> Raw:
    return replace(raw, notes=(*raw.notes, f"{count} other file{'s' * (count > 1)} left out")) if count else raw


def _kind(member: Member) -> str:
    if arrays.kind(member):
        return "arrays"
    if pictures.is_picture(member):
        return "pictures"
    if frames.is_frame(member):
        return "frames"
    return "text" if tables.is_text(member) else ""


def _check_values(values: np.ndarray, title: str) -> None:
    """Raises DataError where nearly all values are bytes and a few are not: those are faults, not another scale."""
    if values.dtype == np.uint8:
        return
    strange = (values < 0) | (values > _BYTE)
    if strange.any() and float(strange.mean()) < _FEW and float(np.quantile(values, 1 - _FEW)) > 1:
        row, line, column = (int(place) for place in np.argwhere(strange)[0])
        raise DataError(
            f"{title}, image {row + 1:,}: the pixel in row {line + 1}, column {column + 1} is {values[row, line, column]:g}; "
            f"expected 0 to {_BYTE}, as nearly all others. Correct it and send the file again."
        )


def _texts(found: Sequence[Member], report: Progress) -> Raw:
    largest = max(member.size() for member in found)
    tabular = [member for member in found if member.size() * _NOTE_SHARE > largest]  # what is smaller is a note, such as README
    chosen = _without_test(tabular)
    raw = _told_left(joined([tables.read(member, report) for member in chosen]), len(tabular) - len(chosen))
    return _with_left(raw, len(found) - len(tabular))


def _frames(found: Sequence[Member], report: Progress) -> Raw:
    chosen = _without_test(found)
    parts = []
    for member in chosen:
        read = frames.read(member, report)
        parts.append(read if isinstance(read, Raw) else pictures.read_files(read, member.name, report))
    return _told_left(joined(parts), len(found) - len(chosen))


def _without_test(found: Sequence[Member]) -> list[Member]:
    """Without a test part that stands beside a training part."""
    named = [member for member in found if "train" in member.path.lower()]
    return named if named and len(named) < len(found) else list(found)


def _told_left(raw: Raw, count: int) -> Raw:
    note = "the test part was left out; it can be imported by itself"
    return replace(raw, notes=(*raw.notes, note)) if count else raw


_READERS: dict[str, Callable[[Sequence[Member], Progress], Raw]] = {
    "arrays": lambda found, report: arrays.read(found),
    "pictures": pictures.read,
    "frames": _frames,
    "text": _texts,
}


def _proposal(
    raw: Raw, labels: np.ndarray, plain: Reading, maps: Sequence[str], recognise: Recognise | None
) -> tuple[Reading, float, bool, bool]:
    """The reading to propose, its share of agreement, whether the network knows such images, and whether no other reading can be
    as good: it is better than each by `_SURE_Z` standard errors of the difference in the logarithm of the label's probability.
    """
    if recognise is None:
        return plain, 0.0, False, False
    rows = np.random.default_rng(0).permutation(len(raw))[:_NUM_ASKED]
    sample = Raw(raw.values[rows], raw.labels[rows])
    readings = [replace(each, orientation=orientation) for each, orientation in product((plain, plain.other_ink()), ORIENTATIONS)]
    scores: dict[Reading, np.ndarray] = {}
    right: dict[Reading, float] = {}
    for each in readings:
        probabilities = recognise(reading.images(sample.values, each))
        for name in maps:
            digits = reading.LABEL_MAPS[name](labels[rows])
            under = replace(each, labels=name)
            scores[under] = np.log(probabilities[np.arange(len(rows)), digits].clip(1e-9)).clip(_LEAST_LOG)
            right[under] = float((probabilities.argmax(axis=1) == digits).mean())
    best = max(scores, key=lambda each: float(scores[each].mean()))
    known = right[best] >= _KNOWN
    if not known:
        return plain, right[plain], False, False
    apart = all(_z(scores[best] - other) >= _SURE_Z for each, other in scores.items() if each != best)
    return best, right[best], True, apart


def _z(differences: np.ndarray) -> float:
    """The mean in standard errors of the mean; of differences that are all alike infinity in their direction."""
    error = float(differences.std(ddof=1)) / math.sqrt(len(differences))
    mean = float(differences.mean())
    return mean / error if error > 0 else math.copysign(math.inf, mean) if mean else 0.0
