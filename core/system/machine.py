"""This machine's processor and GPUs: measured speeds are stored under their names."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from functools import lru_cache
from pathlib import Path


def name(*, with_gpus: bool = False) -> str:
    """Processor, number of cores and what computes on them: "AMD EPYC 9754, 2 cores, TensorFlow 2.21.0"; with the GPUs:
    "AMD EPYC 9754, 16 cores, NVIDIA H200, TensorFlow 2.21.0".
    """
    hardware = ", ".join([processor(), f"{os.cpu_count()} cores", *(gpus() if with_gpus else ())])
    return f"{hardware[:90]}, TensorFlow {importlib.metadata.version('tensorflow')}"


def gpus(folder: Path = Path("/proc/driver/nvidia/gpus")) -> list[str]:
    """The models that Linux' NVIDIA driver lists; TensorFlow may not be able to use them."""
    try:
        texts = [path.read_text() for path in sorted(folder.glob("*/information"))]
    except OSError:
        return []
    return [line.split(":", 1)[1].strip() for text in texts for line in text.splitlines() if line.startswith("Model:")]


def cpu_flags() -> set[str]:
    """Instruction sets that Linux reports; empty elsewhere."""
    return {flag for line in _cpuinfo() if line.startswith("flags") for flag in line.split()}


def processor() -> str:
    """The processor's model: "AMD EPYC 9754"."""
    names = [line.split(":", 1)[1].strip() for line in _cpuinfo() if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


@lru_cache(maxsize=1)
def _cpuinfo() -> tuple[str, ...]:
    """The lines of Linux' description of the processor; none elsewhere."""
    try:
        return tuple(Path("/proc/cpuinfo").read_text().splitlines())
    except OSError:
        return ()
