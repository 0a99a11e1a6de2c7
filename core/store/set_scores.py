"""How runs read whole data sets: one epoch's answers for every image of a set, in files beside the run's. Any thread may call.

`runs/<run id>/on-<data set>-003.npz`. A set and an epoch never change, so neither does a score; it goes with its run.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from core.errors import StoreError, reason
from core.metrics import Interval, wilson
from core.store import starter
from core.store.run_files import RunFiles
from core.system import files

NEW, CHOSEN, TRAINED = range(3)  # marks of an image: new to the run, among its validation images, among its training images
_ARRAYS = ("predicted", "certainties", "marks")


@dataclass(frozen=True)
class SetScore:
    """How an epoch reads a set of `num_images`. `num_trained` of them are copies of the run's training images and `num_chosen` of
    its validation images, by which its best epoch was chosen; `num_trained_right` and `num_right` of all are read right.

    `told` is False where the run's training images are not at hand: then nobody knows, and both numbers are 0.
    """

    num_images: int
    num_right: int
    num_trained: int
    num_trained_right: int
    num_chosen: int
    told: bool

    @property
    def all_trained(self) -> bool:
        """Whether no image of the set is new to the run."""
        return self.num_trained == self.num_images

    @property
    def num_counted(self) -> int:
        """How many images `accuracy` is about."""
        return self.num_images if self.all_trained else self.num_images - self.num_trained

    @property
    def num_counted_right(self) -> int:
        """How many of them are read right."""
        return self.num_right if self.all_trained else self.num_right - self.num_trained_right

    @property
    def accuracy(self) -> Interval:
        """The share read right of the images that the run was not trained on; of all where there are none of those."""
        return wilson(self.num_counted_right, self.num_counted)


@dataclass(frozen=True, eq=False)
class SetAnswers:
    """What an epoch reads in each image of a set: `predicted` (n,) uint8 digits, `certainties` (n,) their probabilities, and
    `marks` (n,) uint8, each NEW, CHOSEN or TRAINED; all NEW where `told` is False, see `SetScore`.
    """

    predicted: np.ndarray
    certainties: np.ndarray
    marks: np.ndarray
    told: bool

    def score(self, labels: np.ndarray) -> SetScore:
        """The figures, for the set's true `labels` (n,)."""
        right, trained = self.predicted == labels, self.marks == TRAINED
        return SetScore(
            num_images=len(labels),
            num_right=int(right.sum()),
            num_trained=int(trained.sum()),
            num_trained_right=int((right & trained).sum()),
            num_chosen=int((self.marks == CHOSEN).sum()),
            told=self.told,
        )

    def counted(self) -> np.ndarray:
        """Rows of the images that the score is about."""
        new = np.flatnonzero(self.marks != TRAINED)
        return new if len(new) else np.arange(len(self.marks))


class SetScores:
    """Scores by run, epoch and data set; those of the starter network lie in the data folder, like all others."""

    def __init__(self, run_files: RunFiles) -> None:
        self._files = run_files

    def save(self, run_id: str, epoch: int, dataset: str, answers: SetAnswers, labels: np.ndarray) -> None:
        """Keeps the answers in place of earlier ones. Raises StoreError where they cannot be written."""
        arrays = {"predicted": answers.predicted, "certainties": answers.certainties, "marks": answers.marks}
        figures = np.array(astuple(answers.score(labels)), np.int64)
        path = self._path(run_id, epoch, dataset)
        try:
            files.save_arrays(path, figures=figures, **arrays)
        except OSError as error:
            raise StoreError(f"{path} could not be written ({reason(error)}). Free some space, then score it again.") from None

    def score(self, run_id: str, epoch: int, dataset: str) -> SetScore | None:
        """The figures alone; None where it was not scored, or the file is damaged."""
        found = self._load(run_id, epoch, dataset, "figures")
        if found is None:
            return None
        counts = found["figures"].tolist()
        return SetScore(**dict(zip(SetScore.__dataclass_fields__, counts, strict=True)) | {"told": bool(counts[-1])})

    def answers(self, run_id: str, epoch: int, dataset: str) -> SetAnswers | None:
        """The answers; None as in `score`."""
        found, score = self._load(run_id, epoch, dataset, *_ARRAYS), self.score(run_id, epoch, dataset)
        if found is None or score is None or any(len(found[name]) != score.num_images for name in _ARRAYS):
            return None
        return SetAnswers(**found, told=score.told)

    def _load(self, run_id: str, epoch: int, dataset: str, *names: str) -> dict[str, np.ndarray] | None:
        shapes = {name: (len(SetScore.__dataclass_fields__),) if name == "figures" else (None,) for name in names}
        try:
            return files.load_arrays(self._path(run_id, epoch, dataset), *names, shapes=shapes)
        except (FileNotFoundError, NotADirectoryError, files.DamagedFile):
            return None

    def _path(self, run_id: str, epoch: int, dataset: str) -> Path:
        folder = f"{starter.RUN_ID}-{starter.edition()}" if run_id == starter.RUN_ID else run_id
        return self._files.kept / folder / f"on-{dataset}-{epoch:03}.npz"
