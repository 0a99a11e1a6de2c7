"""A person's name, as it stands beside their runs."""

from __future__ import annotations

import re

MAX_LENGTH = 40
# Whatever a page could take for markup is left out.
_STRANGE = re.compile(r"[^\w\s.'@-]|_")


def cleaned(text: str) -> str:
    """The name with single spaces and without what no name has, at most MAX_LENGTH characters; empty where nothing is left."""
    return " ".join(_STRANGE.sub(" ", text).split())[:MAX_LENGTH].strip()
