"""A network's cut-off, measured: its weights asked about the drawings by rule that `redrawing` keeps, seconds of work.

Any thread may call this. Knows nothing of pages.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from core.datasets.synthetic import redrawn
from core.evaluation import rejection
from core.evaluation.rejection import Refusal, Seen
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from core.system.background_jobs import Report


def measure(predictor: Predictor, run: RunSnapshot, epoch: int, folder: Path, report: Report) -> Refusal:
    """The cut-off for the weights of `run` after `epoch`; `folder` keeps the drawings.

    Raises RunMissing, DataError or PredictionError.
    """
    parts = []
    report(0.0, "drawing digits and other things")
    for share, draw in ((0.5, partial(redrawn.to_fit_on, folder)), (0.8, partial(redrawn.held_out, run.recipe, folder))):
        drawings = draw()
        report(share, "asking the network about them")
        digits, others = (seen(predictor, run, epoch, images) for images in (drawings.digits, drawings.others))
        parts.append((drawings, digits, others))
    report(0.9, "looking for the cut-off")
    return rejection.measured(*parts)


def seen(predictor: Predictor, run: RunSnapshot, epoch: int, images: np.ndarray) -> Seen:
    """`images` (n, 28, 28) float32 as the network of `run` after `epoch` sees them. Raises RunMissing."""
    features = predictor.features(run, images, epoch=epoch)
    kernel, bias = predictor.last_layer(run, epoch=epoch)
    return Seen(images, features, features @ kernel + bias)
