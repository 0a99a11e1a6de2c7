"""More hands than a data set has: digits drawn by rule in the styles in which people write them, and its own images with the
strokes that some hands add, or a thicker pen.
"""

from core.handwriting.drawing import drawn
from core.handwriting.habits import added
from core.handwriting.mix import more_hands
from core.handwriting.pens import thickened

__all__ = ["added", "drawn", "more_hands", "thickened"]
