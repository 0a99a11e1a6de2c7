"""More hands than a data set has: digits drawn by rule in the styles in which people write them, and its own images with the
strokes that some hands add, or a thicker pen.
"""

from core.datasets.synthetic.digits import drawn
from core.datasets.synthetic.habits import added
from core.datasets.synthetic.mix import more_hands
from core.datasets.synthetic.pens import thickened

__all__ = ["added", "drawn", "more_hands", "thickened"]
