"""More hands than a data set has: digits drawn by rule in the styles in which people write them, and its own images with the
strokes that some hands add.
"""

from core.handwriting.mix import more_hands

__all__ = ["more_hands"]
