"""What this machine calls itself: measured speeds are kept under its name."""

from __future__ import annotations

import os
import platform
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def name() -> str:
    """Processor and number of cores: "AMD EPYC 9754, 2 cores"."""
    return f"{_processor()}, {os.cpu_count()} cores"[:120]


def cpu_flags() -> set[str]:
    """Instruction sets that Linux reports; empty elsewhere."""
    return {flag for line in _cpuinfo() if line.startswith("flags") for flag in line.split()}


def _processor() -> str:
    names = [line.split(":", 1)[1].strip() for line in _cpuinfo() if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []
