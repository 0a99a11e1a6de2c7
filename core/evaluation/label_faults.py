"""Label faults: labels that are probably wrong, judged by a network's answers for images it was not trained on.

Confident learning (C. Northcutt, L. Jiang, I. Chuang, JAIR 70, 2021), from cleanlab. Pure functions of labels and
probabilities. bench/label_faults.py shows what is found where labels were swapped on purpose.
"""

from __future__ import annotations

import numpy as np

from core.constants import NUM_CLASSES
from core.errors import PredictionError

# Of 54 swapped labels in the built-in digits, over five seeds, this found 46 to 51 with 1 to 5 false ones; prune_by_noise_rate
# 44 to 50, confident_learning 43 to 50. predicted_neq_given finds all 54, but calls every misread image a suspect.
_FILTER = "prune_by_class"


def suspects(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Rows whose label is probably wrong, most suspicious first: (k,) indices into `labels` (n,).

    `probabilities` (n, 10) must be out of sample: of images that the network did not learn from. For each pair of digits
    cleanlab estimates how many labels of the one should be the other, and lists that many, likeliest first. Raises
    PredictionError where the two do not fit together or a probability is not a number.
    """
    probabilities = _checked(labels, probabilities)
    if len(np.unique(labels)) < 2:  # with one digit alone there is nothing to confuse it with; cleanlab refuses to look
        return np.zeros(0, int)
    from cleanlab.filter import find_label_issues  # on use: its import takes a second

    found = find_label_issues(
        labels.astype(int),
        probabilities,
        filter_by=_FILTER,
        return_indices_ranked_by="self_confidence",
        min_examples_per_class=-1,  # or it would warn of a digit that is absent
        n_jobs=1,  # more would fork the server under TensorFlow's threads
    )
    return np.asarray(found, int)


def _checked(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """(n, 10) float64, each row with sum 1: half-precision training leaves it off by some thousandths."""
    if probabilities.shape != (len(labels), NUM_CLASSES):
        raise PredictionError(
            f"There are {len(labels):,} labels but answers of shape {probabilities.shape}; expected ten probabilities for each."
        )
    values = probabilities.astype(np.float64)
    sums = values.sum(axis=1, keepdims=True)
    if not (np.isfinite(values).all() and (values >= 0).all() and (sums > 0).all()):
        num_bad = int(np.sum(~np.isfinite(values).all(axis=1) | (values < 0).any(axis=1) | ~(sums[:, 0] > 0)))
        raise PredictionError(
            f"The answers for {num_bad:,} of {len(labels):,} images are not probabilities, so no label can be judged by them. "
            "Choose another epoch or run."
        )
    return np.asarray(values / sums)


def swapped(labels: np.ndarray, *, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A copy of (n,) `labels` with a `share` of them made wrong on purpose, and the rows that were: to measure what is found."""
    draw = np.random.default_rng(seed)
    rows = np.sort(draw.choice(len(labels), round(share * len(labels)), replace=False))
    changed = labels.copy()
    changed[rows] = (changed[rows] + draw.integers(1, NUM_CLASSES, len(rows))) % NUM_CLASSES
    return changed, rows
