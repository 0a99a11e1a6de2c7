"""More hands than a data set has: digits drawn by rule in the styles in which people write them, and its own images with the
strokes that some hands add.
"""

from core.handwriting.drawing import drawn
from core.handwriting.habits import added
from core.handwriting.mix import HABITS_SHARE, more_hands

__all__ = ["HABITS_SHARE", "added", "drawn", "more_hands"]
