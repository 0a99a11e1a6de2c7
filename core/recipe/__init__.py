"""What a person can choose about a run. Free of TensorFlow, so the first page can read it."""

from core.recipe.recipe import (
    ARCHITECTURES,
    FIELDS,
    GROUPS,
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
    "ARCHITECTURES",
    "GROUPS",
    "FIELDS",
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
