"""A folder for this process' temporary files, TensorFlow's generated code among them, which goes when the process ends. What was
killed cannot clean up: its folder goes when the next one starts.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from core.system.process import identity, is_gone

_PREFIX = "digitlab-"
_NAME = "process"  # the file that says whose the folder is


@cache
def use_own_folder() -> Path:
    """Makes the folder the place of temporary files from now on; removes those of processes that have ended."""
    place = Path(tempfile.gettempdir())
    for other in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # somebody else's, or just being made
            if is_gone((other / _NAME).read_text()):
                shutil.rmtree(other, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    (folder / _NAME).write_text(identity())
    tempfile.tempdir = str(folder)
    atexit.register(remove_own_folder, folder, os.getpid())
    return folder


def remove_own_folder(folder: Path, number: int) -> None:
    """At the end of the process of that number, which a child that was forked is not. A server that is ended by a signal has to
    call it itself.
    """
    if os.getpid() == number:
        shutil.rmtree(folder, ignore_errors=True)
