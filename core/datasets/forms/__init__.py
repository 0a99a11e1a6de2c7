"""Digits in the forms that people have them: tables, arrays, pictures, packed or not. `look` says what was found in some files
and how it is best read; `take` makes images and labels of it.
"""

from core.datasets.forms.look import Found, Recognise, look, sample, take
from core.datasets.forms.members import files_at
from core.datasets.forms.reading import LABEL_MAPS, ORIENTATIONS, Reading

__all__ = ["LABEL_MAPS", "ORIENTATIONS", "Found", "Reading", "Recognise", "files_at", "look", "sample", "take"]
