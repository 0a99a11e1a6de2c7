"""The errors a person can meet. Every message is one or two full sentences: what came, what was
expected, what to do.

DigitLabError
├── RecipeError            a recipe that cannot be trained
├── DataError              a file or data set that cannot be used
│   ├── DownloadError      data that could not be fetched
│   └── DatasetMissing     a data set that is not at hand yet
├── DrawingError           a picture that cannot be read as a drawing
├── PredictionError        answers of a network that no figure can be made of
│   └── InvalidAnswers     outputs that are NaN, infinite or outside their range
├── TrainingError          a run that ended before its time
│   └── Diverged           loss became NaN or infinite
├── ShelfError             a name, a tag or a note that a run cannot have, or a run that cannot be thrown away
├── LimitReached           more than this server allows one person
├── SettingError           a setting of the server that cannot be used
└── StoreError             the record of runs cannot be read or written
    ├── RunMissing         no such run, or no weights of it
    └── StoreTooNew        written by a newer Digit Lab
"""

from __future__ import annotations


class DigitLabError(Exception):
    """Whatever a page shows as one sentence instead of a traceback."""


class RecipeError(DigitLabError):
    """A recipe with a value that cannot be trained."""


class DataError(DigitLabError):
    """A file or a data set that cannot be used as it is."""


class DownloadError(DataError):
    """Data that could not be fetched."""


class DatasetMissing(DataError):
    """A data set that is not at hand yet, with the way to get it."""


class DrawingError(DigitLabError):
    """A picture that cannot be read as a drawing."""


class PredictionError(DigitLabError):
    """Answers of a network that no figure can be made of."""


class InvalidAnswers(PredictionError):
    """Outputs of a network that are NaN, infinite or outside their range."""

    def __init__(self) -> None:
        super().__init__(
            "Some of this epoch's answers are not valid numbers. Choose another epoch, or train again with a lower learning rate."
        )


class TrainingError(DigitLabError):
    """A run that ended before its time."""


class Diverged(TrainingError):
    """The loss became NaN or infinite; the run cannot go on from these weights."""


class ShelfError(DigitLabError):
    """A name, a tag or a note that a run cannot have, or a run that cannot be thrown away."""


class LimitReached(DigitLabError):
    """More than this server allows one person."""


class SettingError(DigitLabError):
    """A setting of the server, in its environment, that cannot be used."""


class StoreError(DigitLabError):
    """The record of runs cannot be read or written."""


class RunMissing(StoreError):
    """No such run, or no weights of it were kept."""


class StoreTooNew(StoreError):
    """The database was written by a newer Digit Lab than this one."""
