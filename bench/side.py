"""Another process that a benchmark asks line by line: it has other libraries, or TensorFlow with another setting."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

# What core sets for TensorFlow; without it, a process has TensorFlow as installed.
ONEDNN = "TF_ENABLE_ONEDNN_OPTS"


class Side:
    """The process of a script in this folder, which answers each line by one. `onednn` is the variable's value, None for none."""

    def __init__(
        self, script: str, *options: str, cleanup: ExitStack, python: str = sys.executable, onednn: str | None = None
    ) -> None:
        environment = {name: value for name, value in os.environ.items() if name != ONEDNN}
        environment["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"  # a GPU's memory is for all sides
        if onednn is not None:
            environment[ONEDNN] = onednn
        command = [python, str(Path(__file__).parent / script), *options]
        self._process = cleanup.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        )

    def ask(self, *words: object) -> str:
        """The answer to a line of these words. Raises SystemExit where the process has ended."""
        print(*words, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self._process.args} ended")
        return answer.strip()
