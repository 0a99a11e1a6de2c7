"""Which floating-point format is fast on this machine. bfloat16 helps only where the chip has instructions for it: a CPU without
them converts back and forth, and a step takes longer.
"""

from __future__ import annotations

from functools import lru_cache

from core.recipe import Recipe
from core.system import machine

_CPU_FLAGS = {"avx512_bf16", "amx_bf16"}


def resolve(recipe: Recipe) -> str:
    """`float32` or `mixed_bfloat16`: the recipe's choice, or for `auto` the faster one on this machine."""
    return _fastest() if recipe.precision == "auto" else recipe.precision


@lru_cache(maxsize=1)
def _fastest() -> str:
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        capability = tf.config.experimental.get_device_details(gpu).get("compute_capability", (0, 0))
        return "mixed_bfloat16" if capability >= (8, 0) else "float32"
    return "mixed_bfloat16" if _CPU_FLAGS & machine.cpu_flags() else "float32"
