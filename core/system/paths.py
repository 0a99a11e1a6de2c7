"""Where the product keeps what it makes. The only module that reads the environment for folders."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import SettingError

ROOT = Path(__file__).parents[2]  # of the project


def data_dir() -> Path:
    """Folder for downloads, uploads, the database and weights: `DIGITLAB_DATA_DIR`, else `data/` of the project.

    Raises SettingError where it cannot be made.
    """
    named = os.environ.get("DIGITLAB_DATA_DIR")
    folder = Path(named) if named else ROOT / "data"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = "a file has that name" if isinstance(error, FileExistsError | NotADirectoryError) else error.strerror
        raise SettingError(
            f"The data folder {folder} cannot be made: {why}. Name another folder in DIGITLAB_DATA_DIR."
        ) from error
    return folder


def mnist_location() -> Path:
    """Where MNIST is looked for: `DIGITLAB_MNIST` (an `mnist.npz`, or a folder of IDX files), else `data_dir()/mnist.npz`."""
    named = os.environ.get("DIGITLAB_MNIST")
    return Path(named) if named else data_dir() / "mnist.npz"
