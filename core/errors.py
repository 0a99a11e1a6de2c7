"""The errors a person can meet. A message is one or two full sentences: what was received, what was expected, what to do.

DigitLabError
├── RecipeError            a recipe that cannot be trained
├── DataError              a file or data set that cannot be used
│   ├── DownloadError      data that could not be fetched
│   └── DatasetMissing     a data set that has to be fetched first
├── DrawingError           a picture that cannot be read as a drawing
├── PredictionError        answers of a network from which no figure can be computed
│   └── InvalidAnswers     outputs that are NaN, infinite or outside their range
├── TrainingError          a run that failed, or an action that its state does not allow
│   └── Diverged           the loss became NaN or infinite
├── AnnotationError        a name, tag or note that a run cannot have
├── LimitReached           more than this server allows one person
├── SettingError           a setting of the server that cannot be used
└── StoreError             the record of runs cannot be read or written
    ├── RunMissing         no such run, or no weights of it
    │   └── RunUnreadable  its row in the record is damaged, or a newer Digit Lab wrote it
    └── StoreTooNew        written by a newer Digit Lab
"""

from __future__ import annotations

_MOST_QUOTED = 40  # characters


def quoted(value: object) -> str:
    """What was received, as an error shows it: text in quotes, its invisible characters escaped, at most 40 characters of it."""
    if isinstance(value, str):
        shown = value if len(value) <= _MOST_QUOTED else value[:_MOST_QUOTED] + "\N{HORIZONTAL ELLIPSIS}"
        return ascii(shown) if not shown.isprintable() else repr(shown)
    try:
        shown = repr(value)
    except (ValueError, RecursionError):  # a number of more than 4,300 digits
        return f"a very long {type(value).__name__}"
    return shown if len(shown) <= _MOST_QUOTED else shown[:_MOST_QUOTED] + "\N{HORIZONTAL ELLIPSIS}"


def reason(error: OSError) -> str:
    """What the system says of an error, without its number and path."""
    return error.strerror or str(error) or type(error).__name__


class DigitLabError(Exception):
    """An error that is shown as one sentence instead of a traceback."""


class RecipeError(DigitLabError):
    """A recipe with a value that cannot be trained."""


class DataError(DigitLabError):
    """A file or a data set that cannot be used as it is."""


class DownloadError(DataError):
    """Data that could not be fetched."""


class DatasetMissing(DataError):
    """A data set that has to be fetched first; the message says how."""


class DrawingError(DigitLabError):
    """A picture that cannot be read as a drawing."""


class PredictionError(DigitLabError):
    """Answers of a network from which no figure can be computed."""


class InvalidAnswers(PredictionError):
    """Outputs of a network that are NaN, infinite or outside their range."""

    def __init__(self) -> None:
        super().__init__(
            "Some of this epoch's answers are not valid numbers. Choose another epoch, or train again with a lower learning rate."
        )


class TrainingError(DigitLabError):
    """A run that failed, or an action that its state does not allow."""


class Diverged(TrainingError):
    """The loss became NaN or infinite; training cannot continue from these weights."""


class AnnotationError(DigitLabError):
    """A name, tag or note that a run cannot have, or a run that cannot be deleted."""


class LimitReached(DigitLabError):
    """More than this server allows one person."""


class SettingError(DigitLabError):
    """An environment variable of the server with a value that cannot be used."""


class StoreError(DigitLabError):
    """The record of runs cannot be read or written."""


class RunMissing(StoreError):
    """There is no such run, or its weights were not kept."""


class RunUnreadable(RunMissing):
    """What the record says of a run is damaged or was written by a newer Digit Lab; all other runs can be read."""


class StoreTooNew(StoreError):
    """The database was written by a newer Digit Lab than this one."""
