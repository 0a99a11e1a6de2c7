"""What a person can choose about a run. Imports no TensorFlow, so the first page loads fast."""

from core.recipe.recipe import (
    ACTIVATIONS,
    ARCHITECTURES,
    FIELDS,
    GROUPS,
    MERGED_NAME,
    OPTIMIZERS,
    PRECISIONS,
    SCHEDULES,
    SOURCES,
    UPLOAD_NAME,
    Recipe,
    ValidationKey,
    brief_text,
    plain_text,
    value_text,
)

__all__ = [
    "ACTIVATIONS",
    "ARCHITECTURES",
    "GROUPS",
    "FIELDS",
    "MERGED_NAME",
    "OPTIMIZERS",
    "PRECISIONS",
    "SCHEDULES",
    "SOURCES",
    "UPLOAD_NAME",
    "Recipe",
    "ValidationKey",
    "brief_text",
    "plain_text",
    "value_text",
]
