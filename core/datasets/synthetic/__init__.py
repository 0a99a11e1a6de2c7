"""Synthetic digits: drawn from styles in which people write them, or made of a data set's own images by an added stroke or a
thicker pen.
"""

from core.datasets.synthetic.digits import drawn
from core.datasets.synthetic.habits import added
from core.datasets.synthetic.mix import extra_digits
from core.datasets.synthetic.pens import thickened

__all__ = ["added", "drawn", "extra_digits", "thickened"]
