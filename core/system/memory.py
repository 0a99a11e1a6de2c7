"""Keeps garbage collections short. Streamlit collects garbage after every script run; with TensorFlow imported and a
model traced, each full collection holds the interpreter for about half a second, and the last messages to the browser wait.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """Collects everything once, then excludes all living objects from later collections.

    To be called when many long-lived objects were made (an import, a traced model) or freed (a run's end): an excluded object
    that dies is only freed at the next call.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
