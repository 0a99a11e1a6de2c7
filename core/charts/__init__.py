"""Data -> Plotly figure; see `parts`."""

from core.charts.answer_map import answer_map
from core.charts.bars import class_balance, probabilities
from core.charts.budget import error_budget, kind_at
from core.charts.calibration import reliability
from core.charts.comparison import confusion_difference, overlaid, seed_band
from core.charts.confusion import CONFUSION_VIEWS, confusion
from core.charts.curves import over_the_epochs, schedule
from core.charts.embedding import embedding
from core.charts.epoch_history import epoch_history
from core.charts.learning_pair import learning_pair
from core.charts.parts import DIGIT_COLORS, QUIET, TRAINING, VALIDATION, Figure
from core.charts.range_test import range_test
from core.charts.rejection import risk_coverage
from core.charts.shades import shade

__all__ = [
    "CONFUSION_VIEWS",
    "DIGIT_COLORS",
    "QUIET",
    "TRAINING",
    "VALIDATION",
    "Figure",
    "answer_map",
    "class_balance",
    "confusion",
    "confusion_difference",
    "embedding",
    "epoch_history",
    "error_budget",
    "kind_at",
    "learning_pair",
    "over_the_epochs",
    "overlaid",
    "probabilities",
    "range_test",
    "reliability",
    "risk_coverage",
    "schedule",
    "seed_band",
    "shade",
]
