"""What is on a canvas and what can be undone. The browser holds the strokes, this holds the states they went through.

One history for all: strokes, the eraser, Clear, and the cleaning after a label. Knows nothing of Streamlit or digits.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.drawing.pen_paths import Stroke

_LIVE_S = 1.0  # a picture sent in mid-stroke is forgotten then: the canvas sends the whole stroke when it ends


@dataclass(eq=False)
class CanvasState:
    """`strokes` are on the canvas, oldest first; `past` and `future` are the states that Undo and Redo lead to.

    The canvas is told what to show by `initial` and answers some 50 ms later. Until then it reports what it had before.
    """

    strokes: list[Stroke] = field(default_factory=list)
    past: list[list[Stroke]] = field(default_factory=list)
    future: list[list[Stroke]] = field(default_factory=list)
    _begins: list[Stroke] | None = None
    _turn: int = 0
    _sent: Any = None  # what the canvas sent last
    _image: np.ndarray | None = None
    _waits: bool = False
    _live: tuple[float, np.ndarray] | None = None

    @property
    def initial(self) -> dict[str, Any] | None:
        """What the canvas begins with. Turns are counted, because two of them may have the same strokes."""
        return None if self._begins is None else {"objects": self._begins, "turn": self._turn}

    @property
    def image(self) -> np.ndarray | None:
        """What is on the canvas as it was sent last, in mid-stroke where that is newer; None for an empty one."""
        if self._live and time.monotonic() - self._live[0] < _LIVE_S:
            return self._live[1]
        return self._image if self.strokes else None

    def is_news(self, sent: dict[str, Any]) -> bool:
        """Whether the canvas has not sent this before."""
        return bool(sent != self._sent)

    def take(self, sent: dict[str, Any], image: np.ndarray) -> None:
        """What the canvas sends: new strokes are steps that can be undone, one for each."""
        strokes = list(sent.get("objects", ()))
        known = any(_same(strokes, each) for each in (*self.past, *self.future))
        self._sent, self._image, self._live = sent, image, None
        if self._waits and known and not _same(strokes, self.strokes):
            return  # the answer to the step before the last
        self._waits = False
        if not _same(strokes, self.strokes):
            count = len(self.strokes)
            grown = _same(strokes[:count], self.strokes)
            self.past += [strokes[:end] for end in range(count, len(strokes))] if grown else [self.strokes]
            self.future.clear()
        self.strokes = strokes

    def take_live(self, image: np.ndarray) -> None:
        """A picture of the canvas in mid-stroke; one that comes late shows what was there before the last step."""
        if not self._waits:
            self._live = time.monotonic(), image

    def step(self, strokes: list[Stroke]) -> None:
        """Has the canvas show other strokes; the step can be undone."""
        self.past.append(self.strokes)
        self.future.clear()
        self._show(strokes)

    def take_over(self, strokes: list[Stroke], image: np.ndarray) -> None:
        """What was written on another canvas, and how it looks on this one, as a step that can be undone. A canvas that is set up
        with strokes does not send them.
        """
        self.past.append(self.strokes)
        self.future.clear()
        self.strokes, self._image, self._waits, self._live = strokes, image, False, None
        self.begin_again()

    def undo(self) -> None:
        """Goes back by one state."""
        if self.past:
            self.future.append(self.strokes)
            self._show(self.past.pop())

    def redo(self) -> None:
        """Takes the last undo back."""
        if self.future:
            self.past.append(self.strokes)
            self._show(self.future.pop())

    def reset(self) -> None:
        """Empties the canvas and forgets how it came to be as it was."""
        self._show([])
        self.past, self.future = [], []

    def begin_again(self) -> None:
        """The browser sets the canvas up anew, and it shall show what it had."""
        self._begins, self._turn = self.strokes, self._turn + 1

    def hold(self) -> None:
        """Keeps the strokes: a canvas whose brush changes several times in a moment may be set up again from the beginning."""
        if self.strokes:
            self._begins = self.strokes

    def _show(self, strokes: list[Stroke]) -> None:
        self.strokes, self._waits, self._live = strokes, True, None
        self.begin_again()


def _same(strokes: list[Stroke], others: list[Stroke]) -> bool:
    """Whether the pen went the same ways: the canvas rounds the other values anew when it loads its strokes."""
    return [each.get("path", each) for each in strokes] == [each.get("path", each) for each in others]
