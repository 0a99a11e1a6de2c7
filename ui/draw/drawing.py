"""One digit that was drawn, with the answer to it, as the blocks of the Draw page hand it on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.drawing.pen_paths import Stroke
from core.drawing.preprocessing import Glyph


@dataclass(frozen=True, eq=False)
class Drawing:
    """One digit that was written: `glyph` is where it was found and what the network gets of it, `picture` (h, w, 3 or 4) uint8
    all that it was found on, `strokes` its own as the canvas gives them (none of a photo), `probabilities` (10,) the answer,
    `refused` whether it is taken for no digit, and `called` how a sentence speaks of it.
    """

    glyph: Glyph
    picture: np.ndarray
    strokes: tuple[Stroke, ...]
    probabilities: np.ndarray
    refused: bool
    called: str

    @property
    def image(self) -> np.ndarray:
        """(28, 28) float32 in [0, 1], as the network gets it."""
        return self.glyph.image

    @property
    def digit(self) -> int:
        """The likeliest, though it be refused."""
        return int(self.probabilities.argmax())
