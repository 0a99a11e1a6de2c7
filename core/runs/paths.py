"""The names of the files in a run's folder."""

from __future__ import annotations

from pathlib import Path


def weights_path(folder: Path, epoch: int) -> Path:
    """The file of the weights after `epoch`, from 1. That of epoch 0 holds the weights a branch got from its parent."""
    return folder / f"epoch-{epoch:03}.npz"


def optimizer_path(folder: Path, epoch: int) -> Path:
    """The file of the optimiser's moments after `epoch`; only the last epoch has one."""
    return folder / f"optimizer-{epoch:03}.npz"


def optimizer_paths(folder: Path) -> list[Path]:
    """The files of the optimiser's moments that are there, whatever their epoch."""
    return list(folder.glob("optimizer-*.npz"))
