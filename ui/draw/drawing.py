"""One digit that was drawn and the answer to it, as the blocks of the Draw page hand it on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.drawing.labelled import digest_of
from core.drawing.pen_paths import Stroke
from core.drawing.preprocessing import Glyph


@dataclass(frozen=True, eq=False)
class Answer:
    """What the weights of run `run_id` after `epoch` say of one drawing: `probabilities` (10,), and whether it is `rejected`."""

    run_id: str
    epoch: int
    probabilities: np.ndarray
    rejected: bool = False

    @property
    def digit(self) -> int:
        """The most likely digit, of a rejected drawing as well."""
        return int(self.probabilities.argmax())


@dataclass(frozen=True, eq=False)
class Drawing:
    """One digit that was drawn, with its `answer`.

    `glyph` is where it was found and what the network gets of it; `picture` (h, w, 3 or 4) uint8 is all that it was found on;
    `strokes` are its own as the canvas gives them, none of a photo; `called` is how a sentence refers to it.
    """

    glyph: Glyph
    picture: np.ndarray
    strokes: tuple[Stroke, ...]
    answer: Answer
    called: str = "it"

    @property
    def image(self) -> np.ndarray:
        """(28, 28) float32 in [0, 1], as the network gets it."""
        return self.glyph.image

    @property
    def digest(self) -> str:
        """Names the image by its content."""
        return digest_of(self.image)
