"""Scores a run's epoch on whole data sets other than its validation part: digits by other hands. For a background thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from core import datasets
from core.datasets import Dataset
from core.errors import DigitLabError
from core.evaluation import seen_images
from core.network.predictor import Predictor
from core.runs.snapshot import RunSnapshot
from core.store import NEW, SetAnswers, Store
from core.system.background_jobs import Report

_AT_ONCE = 1000  # images between two reports


class Cell(NamedTuple):
    """One run's epoch on one data set, by its name."""

    run_id: str
    epoch: int
    dataset: str


def score(store: Store, cells: Sequence[Cell], report: Report) -> list[str]:
    """Scores the cells and keeps the answers in `store.set_scores`; those that were kept stay where a report ends the work.

    The answers come from a predictor of its own, so that no drawing waits for them. What hinders one cell does not hinder the
    others: a sentence for each kind of hindrance comes back.
    """
    predictor, hindrances = Predictor(store, num_models=1), []
    sizes = {name: _size(name) for name in {cell.dataset for cell in cells}}
    pace = _Pace(report, sum(sizes[cell.dataset] for cell in cells))
    for cell in sorted(cells):  # by run: each network is built once
        called = ""
        try:
            run, dataset = store.runs.load(cell.run_id), datasets.load(cell.dataset)
            called = f"{run.name}: "  # from here on it is about this run
            read = partial(pace.read, f"{run.name} reads {dataset.title}")
            answers = _answers(store, predictor, run, cell.epoch, dataset, read)
            store.set_scores.save(cell.run_id, cell.epoch, cell.dataset, answers, dataset.labels)
        except DigitLabError as error:
            hindrances.append(f"{called}{error}")
        pace.done += sizes[cell.dataset]
    return list(dict.fromkeys(hindrances))


def _answers(
    store: Store, predictor: Predictor, run: RunSnapshot, epoch: int, dataset: Dataset, read: Callable[[int], None]
) -> SetAnswers:
    read(0)
    marks = seen_images.marks(store, run, dataset)
    predicted, certainties = [np.zeros(0, np.uint8)], [np.zeros(0, np.float16)]
    for start in range(0, len(dataset), _AT_ONCE):
        read(start)
        images = dataset.images[start : start + _AT_ONCE] / np.float32(255)
        probabilities = predictor.probabilities(run, images, epoch=epoch)
        predicted.append(probabilities.argmax(axis=1).astype(np.uint8))
        certainties.append(probabilities.max(axis=1).astype(np.float16))  # shown as a whole percentage
    told = marks is not None
    return SetAnswers(
        np.concatenate(predicted),
        np.concatenate(certainties),
        np.full(len(dataset), NEW, np.uint8) if marks is None else marks,
        told,
    )


def _size(name: str) -> int:
    """How many images a set has; 0 for one that cannot be loaded, which is said in its turn."""
    try:
        return datasets.num_images(name)
    except DigitLabError:
        return 0


class _Pace:
    """Reports the share of all images that was read, and the seconds left at the pace so far."""

    def __init__(self, report: Report, num_images: int) -> None:
        self._report, self._num_images = report, max(num_images, 1)
        self.done = 0  # images of the cells that are over
        self._began: tuple[int, float] | None = (
            None  # the images and the time at the first figures: before that, TensorFlow starts
        )

    def read(self, doing: str, num_read: int) -> None:
        done, now, left_s = self.done + num_read, time.perf_counter(), None
        if self._began and done > self._began[0]:
            left_s = (now - self._began[1]) / (done - self._began[0]) * (self._num_images - done)
        elif done and not self._began:
            self._began = done, now
        self._report(done / self._num_images, doing, left_s)
