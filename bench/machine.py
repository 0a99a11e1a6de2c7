"""What a figure was measured on: printed at the head of every benchmark."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path

from core.system import machine


def describe() -> dict[str, str]:
    """Processor, cores, memory, a GPU if any, and the versions that matter."""
    versions = {name: importlib.metadata.version(name) for name in ("tensorflow", "keras", "streamlit", "plotly", "numpy")}
    gpus = machine.gpus()
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        **({"gpu": " + ".join(gpus)} if gpus else {}),
        "python": platform.python_version(),
        **versions,
    }


def header() -> str:
    """`describe` in one line."""
    return ", ".join(f"{name} {value}" for name, value in describe().items())


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    flags = next((line for line in lines if line.startswith("flags")), "")
    extras = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if flag in flags.split()]
    return f"{names[0] if names else 'unknown'} ({', '.join(extras)})"
