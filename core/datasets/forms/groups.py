"""Who wrote which digit, where names tell: of columns in a table, or of files and folders."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

_WORDS = "writer|author|user|person|subject|student|pupil|participant|group"
_COLUMN = re.compile(rf"(?i)^({_WORDS})s?[\W_]*(id|no|nr|number|name)?$")
_IN_PATH = re.compile(rf"(?i)(?<![a-z])(?:{_WORDS})[\W_]*(?:id[\W_]*)?(\d+|(?<=[\W_])[a-z]+)(?![a-z])")
FEWEST = 2  # groups: one cannot be split


def column(names: Sequence[str]) -> int | None:
    """The place of the column that says who wrote a digit, by its name; None where there is none."""
    return next((place for place, name in enumerate(names) if _COLUMN.fullmatch(name.strip())), None)


def of_paths(paths: Sequence[str]) -> np.ndarray | None:
    """(n,) text: the writer that each path names, as in `writer12_003.png` or `subject-7/3/a.png`; None where not all of them
    name one, or all the same.
    """
    found = [_IN_PATH.search(path.rsplit(".", 1)[0]) for path in paths]
    return checked(np.array([each[1].lower() for each in found if each])) if all(found) else None


def checked(groups: np.ndarray) -> np.ndarray | None:
    """The groups, unless all images are in one, or each in its own."""
    return groups if FEWEST <= len(np.unique(groups)) < len(groups) else None
