"""The floating-point formats that this machine may be good at. Which one is the fastest, `core.training.speed` measures."""

from __future__ import annotations

from core.recipe import Recipe
from core.system import machine

_CPU_FLAGS = {"avx512_bf16", "amx_bf16"}


def resolve(recipe: Recipe) -> str:
    """`float32` or `mixed_bfloat16`: the recipe's choice; for an `auto` that nobody has measured 32 bits, which no machine is
    bad at.
    """
    return "float32" if recipe.precision == "auto" else recipe.precision


def candidates() -> tuple[str, ...]:
    """32 bits, and bfloat16 where the chip has instructions for it: a CPU without them converts back and forth, and a step takes
    longer; one with them may still be slower in 16 bits.
    """
    import tensorflow as tf

    if gpus := tf.config.list_physical_devices("GPU"):
        details = tf.config.experimental.get_device_details(gpus[0])
        has_instructions = details.get("compute_capability", (0, 0)) >= (8, 0)
    else:
        has_instructions = bool(_CPU_FLAGS & machine.cpu_flags())
    return ("float32", "mixed_bfloat16") if has_instructions else ("float32",)
