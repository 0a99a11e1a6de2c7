"""Does in advance what would delay the first training and the first answer: slow imports and the first model.

On a background thread, once per process.
"""

from __future__ import annotations

import threading

import numpy as np

from core.constants import SIDE_PX
from core.recipe.presets import PRESETS
from core.system import memory, priority

_done = threading.Event()
_lock = threading.Lock()


def warm_up() -> None:
    """Imports what is slow to import, builds and calls one network. A second call has no effect."""
    with _lock:
        if _done.is_set():
            return
        priority.lower_workers()
        import sklearn.metrics  # noqa: F401
        import sklearn.model_selection  # noqa: F401

        from core.charts import pictures
        from core.drawing import preprocessing
        from core.network import model
        from core.training import trainer  # noqa: F401

        dot = np.zeros((64, 64), np.uint8)
        dot[20:40, 28:36] = 255
        (glyph,) = preprocessing.read_canvas(dot)
        pictures.grid(glyph.image[None], ["1"], "light")
        model.build(PRESETS["quick"])(np.zeros((1, SIDE_PX, SIDE_PX, 1), np.float32), training=False)
        memory.settle()
        _done.set()
