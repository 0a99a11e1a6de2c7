"""Keeps the garbage collector's walks short. Streamlit collects garbage after every script run; with TensorFlow imported and a
model traced, each full collection holds the interpreter for about half a second, and the last messages to the browser wait.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """Collects once, whatever was settled before included, then takes all that is alive out of later collections.

    To be called when many long-lived objects have come (an import, a traced model) or have died (a run's end): what is
    settled and dies later is only found at the next call.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
