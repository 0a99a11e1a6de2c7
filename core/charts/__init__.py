"""Data -> Plotly figure; see `parts`."""

from core.charts.bars import class_balance, probabilities
from core.charts.budget import error_budget, kind_at
from core.charts.confusion import CONFUSION_VIEWS, confusion
from core.charts.curves import learning_curve, schedule, smoothed
from core.charts.parts import DIGIT_COLORS, QUIET, TRAINING, VALIDATION, Figure

__all__ = [
    "CONFUSION_VIEWS", "DIGIT_COLORS", "QUIET", "TRAINING", "VALIDATION", "Figure", "class_balance", "confusion", "error_budget",
    "kind_at", "learning_curve", "probabilities", "schedule", "smoothed",
]  # fmt: skip
