"""Measures a network's rejection threshold on synthetic digits and non-digits; takes seconds. Any thread may call it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from core.datasets.synthetic import redrawn
from core.datasets.synthetic.redrawn import Drawings
from core.evaluation import rejection
from core.evaluation.rejection import Rejection, Sample
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from core.system.background_jobs import Report


def measure(predictor: Predictor, run: RunSnapshot, epoch: int, folder: Path, report: Report) -> Rejection:
    """The rejection for the weights of `run` after `epoch`; `folder` keeps the drawings between calls.

    Raises RunMissing, DataError or PredictionError.
    """
    samples = []
    report(0.0, "drawing digits and other things")
    for share, draw in (
        (0.5, partial(redrawn.to_fit_on, folder)),
        (0.8, partial(redrawn.held_out, run.recipe, folder)),
    ):
        drawings = draw()
        report(share, "asking the network about them")
        samples.append(answered(predictor, run, epoch, drawings))
    report(0.9, "looking for the threshold")
    return rejection.fit_rejection(*samples)


def answered(predictor: Predictor, run: RunSnapshot, epoch: int, drawings: Drawings) -> Sample:
    """The network's answers for labelled drawings. Raises RunMissing."""
    digits, non_digits = (predictor.answers(run, images, epoch=epoch) for images in (drawings.digits, drawings.others))
    return Sample(drawings.labels, digits, non_digits)
