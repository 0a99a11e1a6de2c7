"""What would otherwise make the first press wait: imports, the first model, and the collector's long walks.

Streamlit collects garbage after every script run; with TensorFlow imported each full collection holds the interpreter
for about half a second. `gc.freeze` takes what lives for ever out of its sight (measured by bench/dashboard.py).
"""

from __future__ import annotations

import gc
import threading

import numpy as np

from core.recipe import PRESETS
from core.shapes import SIDE_PX

_done = threading.Event()
_lock = threading.Lock()


def warm_up() -> None:
    """Imports what is slow to import, builds and calls one network, and freezes the lot. Safe to call again: does nothing."""
    with _lock:
        if _done.is_set():
            return
        import plotly.graph_objects  # noqa: F401
        import scipy.stats  # noqa: F401
        import sklearn.metrics  # noqa: F401
        import sklearn.model_selection  # noqa: F401

        from core import network
        from core.training import trainer  # noqa: F401

        network.build(PRESETS["quick"])(np.zeros((1, SIDE_PX, SIDE_PX, 1), np.float32), training=False)
        freeze()
        _done.set()


def freeze() -> None:
    """Takes everything that is alive now out of later collections."""
    gc.collect()
    gc.freeze()
