"""The record that outlives the process: rows in a database, arrays in files beside it. Any thread may call.

`Store` has one facet per subject, all on one database: `store.runs.load(...)`, `store.drawings.add(...)`.
"""

from __future__ import annotations

from pathlib import Path

from core.store.bin import Bin
from core.store.claims import Claimed, Claims, Holdings
from core.store.database import Database
from core.store.drawings import DrawingRow, Drawings
from core.store.learned_drawings import LearnedDrawings
from core.store.mnist_openings import MnistOpenings, Opening
from core.store.processes import Processes
from core.store.run_annotations import RunAnnotations
from core.store.run_files import RunFiles
from core.store.runs import Runs
from core.store.set_scores import CHOSEN, NEW, TRAINED, SetAnswers, SetScore, SetScores
from core.store.speeds import Speed, Speeds
from core.store.verdicts import FAULT, FINE, UNCLEAR, VERDICTS, Verdicts

__all__ = [
    "CHOSEN",
    "FAULT",
    "FINE",
    "NEW",
    "TRAINED",
    "UNCLEAR",
    "VERDICTS",
    "Claimed",
    "DrawingRow",
    "Holdings",
    "Opening",
    "RunAnnotations",
    "SetAnswers",
    "SetScore",
    "Speed",
    "Store",
]


class Store:
    """The record in one data directory. Raises StoreError where the database cannot be opened, StoreTooNew where a newer Digit
    Lab wrote it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(folder)
        self.files = RunFiles(folder)
        self.runs = Runs(self.database, self.files)
        self.set_scores = SetScores(self.files)
        self.annotations = RunAnnotations(self.database)
        self.bin = Bin(self.database, self.files)
        self.processes = Processes(self.database)
        self.verdicts = Verdicts(self.database)
        self.speeds = Speeds(self.database)
        self.test_openings = MnistOpenings(self.database)
        self.learned_drawings = LearnedDrawings(self.database)
        self.drawings = Drawings(self.database, self.learned_drawings)
        self.claims = Claims(self.database)

    def close(self) -> None:
        """Closes the database's connections."""
        self.database.close()
