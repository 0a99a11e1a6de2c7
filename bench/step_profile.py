"""Where the time of a training step goes, by kind of operation, and what each would take at this machine's peak.

    python bench/step_profile.py --presets recipe quick

The times are those of TensorFlow's profiler, whose own work makes a step longer; operations on two threads at once count twice.
The floor of a convolution or a matrix product is its arithmetic at the speed of a product of large matrices; that of any other
operation is the bytes that it must read and write at the speed of a copy of a large array, though small ones stay in the cache.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.machine import header  # noqa: E402
from bench.onednn import Steps  # noqa: E402
from bench.step import matrix_peak  # noqa: E402
from core.recipe import Recipe, architectures  # noqa: E402

# isort: split
import tensorflow as tf  # noqa: E402  core chooses its kernels before it is imported
from tensorflow.tsl.profiler.protobuf import xplane_pb2  # noqa: E402

_FLOAT_BYTES = 4
_NO_WORK = ("::", ": ", ":While", "Call", "Function")  # in the names of what only runs others
# The kind of an operation by a part of its name or of its type, the first that fits.
_KINDS = {
    "Conv2DBackpropFilter": "convolution, gradient of the kernels",
    "Conv2DBackpropInput": "convolution, gradient of the input",
    "Conv2D": "convolution, forward",
    "FusedBatchNormGrad": "batch normalisation, backward",
    "FusedBatchNorm": "batch normalisation, forward",
    "MaxPoolGrad": "max pooling, backward",
    "MaxPool": "max pooling, forward",
    "byte_dropout": "dropout",
    "ReluGrad": "ReLU, backward",
    "BiasAddGrad": "bias, backward",
    "muon": "optimiser",
    "adam": "optimiser",
    "rmsprop": "optimiser",
    "dense": "dense layers",
    "ImageProjectiveTransform": "augmentation",
}


def measured(steps: Steps, num_steps: int) -> tuple[float, Counter[str]]:
    """Milliseconds of a step, and of them by kind of operation."""
    with tempfile.TemporaryDirectory() as folder:
        tf.profiler.experimental.start(folder, tf.profiler.experimental.ProfilerOptions(host_tracer_level=3))
        first, began = steps.done, time.perf_counter()
        steps.time(num_steps)
        taken, count = time.perf_counter() - began, steps.done - first
        tf.profiler.experimental.stop()
        (path,) = Path(folder).rglob("*.xplane.pb")
        space = xplane_pb2.XSpace.FromString(path.read_bytes())
    by_kind: Counter[str] = Counter()
    for plane in space.planes:
        for event in (event for line in plane.lines for event in line.events):
            whole = plane.event_metadata[event.metadata_id].name
            name, colon, operation = whole.rpartition(":")
            if colon and not any(each in whole for each in _NO_WORK):
                by_kind[_kind(name, operation)] += event.duration_ps / 1e9 / count
    return taken / count * 1e3, by_kind


def _kind(name: str, operation: str) -> str:
    return next((kind for part, kind in _KINDS.items() if part in operation or part in name), "everything else")


def floors(recipe: Recipe, gflop_per_s: float, gb_per_s: float) -> Counter[str]:
    """Milliseconds of a step by kind, at the machine's peak."""
    least: Counter[str] = Counter()
    batch = recipe.batch_size

    def arithmetic(kind: str, multiply_adds: float) -> None:
        least[kind] += 2 * batch * multiply_adds / (gflop_per_s * 1e6)

    def moved(kind: str, numbers: float) -> None:
        least[kind] += _FLOAT_BYTES * batch * numbers / (gb_per_s * 1e6)

    before = 28 * 28
    for place, layer in enumerate(architectures.layers(recipe)):
        outputs = float(np.prod(layer.shape))
        if layer.kind == "convolution":
            arithmetic("convolution, forward", layer.multiply_adds)
            arithmetic("convolution, gradient of the kernels", layer.multiply_adds)
            arithmetic("convolution, gradient of the input", layer.multiply_adds * (place > 0))
            moved("ReLU, backward", 3 * outputs)
            moved("bias, backward", outputs)
        elif layer.kind in ("dense", "output"):
            arithmetic("dense layers", 3 * layer.multiply_adds)
        elif layer.kind == "batch_norm":
            moved("batch normalisation, forward", 3 * outputs)  # read for the moments, read and written
            moved("batch normalisation, backward", 5 * outputs)  # both inputs twice, and written
        elif layer.kind == "max_pool":
            moved("max pooling, forward", before + outputs)
            moved("max pooling, backward", 2 * before + 2 * outputs)
        elif layer.kind == "dropout":
            moved("dropout", 4 * outputs)
        before = outputs
    return least


def copy_speed() -> float:
    """GB/s read and written by a copy of 256 MB, best of five."""
    source = np.ones(1 << 26, np.float32)
    target = np.empty_like(source)
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        np.copyto(target, source)
        taken.append(time.perf_counter() - began)
    return 2 * source.nbytes / min(taken) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presets", nargs="+", default=["recipe", "quick"])
    parser.add_argument("--steps", type=int, default=40)
    options = parser.parse_args()
    gflop_per_s, gb_per_s = matrix_peak(tf.float32), copy_speed()
    print(header())
    print(f"a product of large matrices {gflop_per_s:.0f} GFLOP/s; a copy {gb_per_s:.1f} GB/s; 32 bits")
    for name in options.presets:
        steps = Steps(name, "recipe-split")
        plain_ms = [steps.time(60), steps.time(options.steps)][-1]
        profiled_ms, by_kind = measured(steps, options.steps)
        least = floors(steps.recipe, gflop_per_s, gb_per_s)
        print(f"\n{name}: {plain_ms:.1f} ms a step, {profiled_ms:.1f} with the profiler")
        print(f"{'kind of operation':40}{'ms':>8}{'share':>8}{'floor, ms':>12}{'of the floor':>14}")
        for kind, spent in by_kind.most_common():
            floor = f"{least[kind]:12.1f}{spent / least[kind]:13.1f}x" if least[kind] else ""
            print(f"{kind:40}{spent:8.1f}{spent / sum(by_kind.values()):8.0%}{floor}")
        print(f"{'all':40}{sum(by_kind.values()):8.1f}{'':8}{sum(least.values()):12.1f}", flush=True)


if __name__ == "__main__":
    main()
