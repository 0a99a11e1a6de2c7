"""A name for this process that no other one can ever have, and whether the process of such a name is gone."""

from __future__ import annotations

import os
import uuid
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_STARTED = 19  # the place of a process' start, in clock ticks since the system's, among the fields after its name in `stat`


@cache
def _system() -> str:
    """This start of this system, and the space in which it counts its processes: two containers both have a number 1. On a
    system that says neither, the machine's number.
    """
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.stat(_PROC / 'self/ns/pid').st_ino}"
    except OSError:
        return f"{uuid.getnode():x}"


def _started(number: int) -> str | None:
    """When the process of this number began; None where there is none, or no way to know."""
    try:
        return (_PROC / str(number) / "stat").read_text().rpartition(")")[2].split()[_STARTED]
    except (OSError, IndexError):
        return None


@cache
def _without_proc(number: int) -> str:
    return uuid.uuid4().hex


def identity(number: int | None = None) -> str:
    """The name of a process, by default of this one: system, number, start."""
    number = number or os.getpid()
    return f"{_system()}/{number}/{_started(number) or _without_proc(number)}"


def is_gone(name: str) -> bool | None:
    """Whether the process of an `identity` has ended; None where that cannot be known from here, as of another machine's."""
    parts = name.rsplit("/", 2)
    if len(parts) != 3 or parts[0] != _system() or not parts[1].isdecimal() or _started(os.getpid()) is None:
        return None
    started = _started(int(parts[1]))
    if started is None and _is_hidden(int(parts[1])):
        return None
    return started != parts[2]


def _is_hidden(number: int) -> bool:
    """Whether the process is there, though the system does not show it: with `hidepid` those of other users are not."""
    try:
        os.kill(number, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
