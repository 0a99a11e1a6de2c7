"""TensorFlow's worker threads run at a lower priority than the threads that answer people: a training uses every core, but a
thread that answers a person gets one at once when it needs it. An idle machine trains as fast as before.

Only the workers: a Python thread that holds the interpreter must not be slowed down, or all others would wait with it.
"""

from __future__ import annotations

import os
import sys
import threading

_NICENESS = 10  # a tenth of the share of an ordinary thread where both want the same core; see setpriority(2)
_lock = threading.Lock()
_lowered = False


def lower_workers() -> None:
    """Imports TensorFlow, and starts its workers at low priority. To be called before anything else imports it or computes: two
    threads that import it at once break each other's import. A later call does nothing. Of a GPU's memory it takes what it needs.

    Linux gives a new thread the priority of the one that made it, and counts priority by thread; elsewhere nothing is changed.
    """
    global _lowered
    with _lock:
        if _lowered:
            return
        # TensorFlow would take all of a GPU's memory at once, whoever else wants some.
        os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
        import tensorflow  # noqa: F401

        if sys.platform == "linux":
            starter = threading.Thread(target=_start_workers, name="digitlab-workers")
            starter.start()
            starter.join()
        _lowered = True


def _start_workers() -> None:
    import tensorflow as tf

    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
    tf.config.list_logical_devices()  # makes the pool that computes
    tf.function(lambda x: x @ x)(tf.zeros((2, 2)))  # and the one that runs graphs
