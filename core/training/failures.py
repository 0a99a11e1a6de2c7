"""The sentence for a person when a run fails. No TensorFlow: its errors are recognised by name."""

from __future__ import annotations

import errno

from core.errors import DigitLabError

_ON_FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def on_full_disk(error: OSError) -> bool:
    """Whether the error says that there is no room."""
    return error.errno in _ON_FULL_DISK


def sentence(error: BaseException) -> str:
    """What happened and what to do, for any error."""
    if isinstance(error, DigitLabError):
        return str(error)
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "The machine ran out of memory. Try a smaller batch size, fewer filters, or less data."
    if isinstance(error, OSError):
        todo = "Free some space" if on_full_disk(error) else "Make the data folder writable"
        return (
            f"A file could not be written ({error.strerror or error}). Every finished epoch is kept. {todo}, then resume the run."
        )
    return f"Training failed ({type(error).__name__}: {error}). The details are in the server's log."
