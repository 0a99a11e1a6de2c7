import os
import subprocess
import sys

import pytest

# Prints the niceness of every thread of a process that has computed something, its own first.
NICENESS = """
import os, pathlib, threading
from core.system import priority
priority.lower_workers()
import tensorflow as tf
tf.linalg.matmul(tf.zeros((500, 500)), tf.zeros((500, 500)))
own = threading.get_native_id()
stats = {int(path.parent.name): path.read_text() for path in pathlib.Path("/proc/self/task").glob("*/stat")}
nice = {number: int(text.rpartition(")")[2].split()[16]) for number, text in stats.items()}
print(nice.pop(own), sorted(nice.values())[-tf.config.threading.get_intra_op_parallelism_threads() or -os.cpu_count():])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere priority is no thread's own")
def test_workers_give_way_and_the_thread_that_asks_does_not():
    done = subprocess.run([sys.executable, "-c", NICENESS], capture_output=True, text=True, check=True)
    own, workers = done.stdout.split(" ", 1)
    assert int(own) == os.nice(0)  # as it was started
    assert set(eval(workers)) == {10}
