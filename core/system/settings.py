"""Numbers that the server's operator sets in environment variables."""

from __future__ import annotations

import os

from core.errors import SettingError, quoted

UPLOAD_MB = 400  # five times Kaggle's train.csv
_MOST = 10**6


def upload_mb() -> int:
    """The largest file that may be uploaded, in megabytes of 10**6 bytes. Raises SettingError."""
    return min(whole_number("DIGITLAB_MAX_UPLOAD_MB") or UPLOAD_MB, UPLOAD_MB)


def whole_number(name: str) -> int | None:
    """The value of an environment variable, 1 to a million; None where it is not set. Raises SettingError."""
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise SettingError(f"{name} is {quoted(text)}; it must be a whole number from 1 on. Correct it, or leave it out.")
    return int(text)
