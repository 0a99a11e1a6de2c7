"""The record of runs that outlives the process: rows in a database, arrays in files beside it. Any thread may call.

One module per subject; `Store` is all of them on one database.
"""

from core.runs.summary import TARGET, Reached, RunRow, find
from core.store.drawings import DrawingRow, Drawings
from core.store.processes import Owners
from core.store.run_annotations import Shelf
from core.store.runs import Runs
from core.store.speeds import Speed, Speeds
from core.store.test_openings import Opening, Openings
from core.store.verdicts import FAULT, FINE, UNCLEAR, VERDICTS, Verdicts

__all__ = [
    "FAULT",
    "FINE",
    "TARGET",
    "UNCLEAR",
    "VERDICTS",
    "DrawingRow",
    "Opening",
    "Reached",
    "RunRow",
    "Speed",
    "Store",
    "find",
]


class Store(Runs, Shelf, Owners, Verdicts, Speeds, Openings, Drawings):
    """One data directory's record. Raises StoreError where the database cannot be opened or written."""
