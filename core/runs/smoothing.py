"""A running mean, the same for every curve. Pure."""

from __future__ import annotations

import numpy as np
import pandas as pd

_MEMORY = 0.9


def smoothed(values: np.ndarray, memory: float = _MEMORY) -> np.ndarray:
    """Exponential running mean of (n,) values, corrected for its bias at the start (Kingma and Ba, arXiv:1412.6980, section 3).

    `memory` is in [0, 1); 0 changes nothing.
    """
    return np.asarray(pd.Series(values, dtype=np.float64).ewm(alpha=1 - memory, adjust=True).mean())
