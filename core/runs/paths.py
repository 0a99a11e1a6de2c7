"""Names of the files in a run's folder."""

from __future__ import annotations

from pathlib import Path


def weights_path(folder: Path, epoch: int) -> Path:
    """Where the weights after `epoch` (from 1) are kept; after epoch 0, where those of a branch's parent are."""
    return folder / f"epoch-{epoch:03}.npz"


def optimizer_path(folder: Path, epoch: int) -> Path:
    """Where the optimiser's moments after `epoch` are kept, as long as no later epoch has any."""
    return folder / f"optimizer-{epoch:03}.npz"
