"""What a figure was measured on: printed at the head of every benchmark."""

from __future__ import annotations

import importlib.metadata
import os
import platform

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
    flags = machine.cpu_flags()
    extras = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if flag in flags]
    return f"{machine.processor()} ({', '.join(extras)})" if flags else machine.processor()
