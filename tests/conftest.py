"""What tests share: a data folder of their own, MNIST where it is at hand, and what to do where something is missing."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from core.system.paths import mnist_location

_MNIST = mnist_location()  # as the tester's environment has it, before any test changes that


def absent(reason: str) -> NoReturn:
    """Skips the test; fails it under DIGITLAB_NO_SKIP, which CI sets so that nothing is ever skipped unseen."""
    if os.environ.get("DIGITLAB_NO_SKIP"):
        pytest.fail(f"DIGITLAB_NO_SKIP is set, and this test {reason}")
    pytest.skip(reason)


def cases() -> Path:
    """The folder of files in people's forms with what is right, in `cases.json`; it may not be there."""
    return Path(os.environ.get("DIGITLAB_CASES") or _MNIST.parents[1] / "cases")


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, with no MNIST in sight."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("DIGITLAB_DATA_DIR", str(folder))
    monkeypatch.delenv("DIGITLAB_MNIST", raising=False)
    return folder


@pytest.fixture
def mnist(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real MNIST, set as DIGITLAB_MNIST; skips where there is none."""
    if not _MNIST.exists():
        absent(f"needs MNIST: there is no {_MNIST}; fetch it, or let DIGITLAB_MNIST name a copy")
    monkeypatch.setenv("DIGITLAB_MNIST", str(_MNIST))
    return _MNIST
