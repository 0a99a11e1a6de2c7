"""Digit Lab without its pages: data, training, evaluation and drawing. Imports neither streamlit nor ui."""

import os
import platform

__version__ = "0.5.0"  # the only place; CHANGELOG.md's newest release has the same

# TensorFlow reads this when it is imported. By itself it uses oneDNN's kernels only where the processor has AVX-512 with VNNI or
# more; with AVX2 alone they are faster, too: a step takes up to 1.7 times as long without them (bench/onednn.py).
if platform.machine().lower() in ("x86_64", "amd64"):
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
