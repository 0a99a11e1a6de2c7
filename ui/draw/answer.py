"""The answer in large type, or that the drawing is not a digit; of a number, each digit in a frame as well."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import streamlit as st
from streamlit.components import v2

from core.charts import pictures
from core.constants import SIDE_PX
from core.drawing.lattice import Box
from core.drawing.numbers import Number
from core.drawing.preprocessing import Glyph
from ui import session_keys as keys
from ui.session import theme

SEEN_SCALE = 5
# A screen reader tells what changes within an element that stays. A stroke that goes on changes it several times a second.
_say = v2.component(
    "digitlab.answer",
    html="<div role=status aria-live=polite></div>",
    css="div { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }",
    js="""let waiting;
    export default ({data, parentElement}) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => (parentElement.querySelector("[role=status]").textContent = data.text), 500);
    }""",
)
_COLUMNS = 8  # of digits in a row
_LINE_MARGIN_PX = 6
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


def announce(text: str) -> None:
    """Has a screen reader say the answer once the pen rests."""
    _say(key=keys.ANSWER_SAID, data={"text": text})


def spoken(number: Number, rejected: np.ndarray) -> str:
    """The answer as one sentence: "7, 98.6% certain"."""
    if rejected.all():
        return "Not a digit" if len(rejected) == 1 else "Not a number"
    lines = "; ".join(" ".join(line) for line in number.by_line(written(number, rejected)))
    return f"{lines}, {number.certainty:.1%} certain"


def ordinal(place: int) -> str:
    """ "3rd" for place 2."""
    return _ORDINALS.get(place + 1, f"{place + 1}th")


def seen(glyph: Glyph | None) -> None:
    """The one image that the network gets."""
    st.markdown(
        "**What the network sees**",
        help="Your drawing, cropped, scaled to 20 pixels and centred on its centre of mass, like the digits of MNIST.",
    )
    image = glyph.image if glyph else np.zeros((SIDE_PX, SIDE_PX), np.float32)
    st.image(pictures.png(pictures.digit(image, theme(), scale=SEEN_SCALE)), alt="The drawing as 28 by 28 pixels")


def headline(row: np.ndarray, *, rejected: bool) -> None:
    """One digit with its certainty, from probabilities `row` (10,); for a rejected drawing the closest digit in grey."""
    if rejected:
        st.markdown("## Not a digit, I think")
        st.markdown(f":gray[Closest digit: {_guess(row)}]")
    else:
        st.markdown(f"## {row.argmax()} \N{EN SPACE}{row.max():.1%}")


def number_headline(number: Number, rejected: np.ndarray) -> None:
    """The number with its certainty; a question mark stands for each rejected digit, with the closest digit in grey below."""
    if len(rejected) == 1:
        headline(number.probabilities[0], rejected=bool(rejected[0]))
        st.caption("One digit was found. Digits written side by side are read as one number.")
        return
    if not rejected.any():
        *first, last = number.by_line(number.text)
        st.markdown("\n\n".join([*(f"## {line}" for line in first), f"## {last} \N{EN SPACE}{number.certainty:.1%}"]))
        st.caption(_certainty_text(number))
        return
    places = np.flatnonzero(rejected)
    names, guesses = [ordinal(int(place)) for place in places], [_guess(number.probabilities[place]) for place in places]
    if rejected.all():
        st.markdown("## Not a number, I think")
    else:
        st.markdown("\n\n".join(f"## {line}" for line in number.by_line(written(number, rejected))))
        st.write(f"I don't think the {_listed(names)} {'is a digit' if len(places) == 1 else 'are digits'}.")
    if len(places) == 1:
        st.markdown(f":gray[Closest digit: {guesses[0]}]")
    else:
        closest = [f"{name} {guess}" for name, guess in zip(names, guesses, strict=True)]
        st.markdown(f":gray[Closest digits: {', '.join(closest)}]")


def written(number: Number, rejected: np.ndarray) -> list[str]:
    """Each digit, or a question mark where it is rejected."""
    return ["?" if no else digit for digit, no in zip(number.text, rejected, strict=True)]


def framed(picture: np.ndarray, number: Number, rejected: np.ndarray) -> None:
    """`picture` (h, w, 3 or 4) with each digit framed."""
    signs = written(number, rejected)
    titles = [f"{sign}  {sure:.0%}" if sign != "?" else "?" for sign, sure in zip(signs, number.certainties, strict=True)]
    boxes, shown = [glyph.box for glyph in number.glyphs], titles
    if number.lines:  # under several lines the titles would not say whose they are
        boxes += [_around(boxes[first:end], picture.shape) for first, end in pairwise(np.cumsum((0, *number.lines)).tolist())]
        shown = [""] * len(boxes)
    boxed = pictures.boxed(picture, boxes, shown, theme())
    st.image(pictures.png(boxed), alt=f"What was written, with a frame around each digit: {', '.join(titles)}")


def _around(boxes: Sequence[Box], shape: tuple[int, ...]) -> Box:
    """The frame of a line, a little larger than its digits'."""
    left, top, right, bottom = (choose(box[side] for box in boxes) for side, choose in enumerate((min, min, max, max)))
    margin = _LINE_MARGIN_PX
    return max(left - margin, 0), max(top - margin, 0), min(right + margin, shape[1] - 1), min(bottom + margin, shape[0] - 1)


def seen_of_each(number: Number, rejected: np.ndarray) -> None:
    """What the network sees of each digit."""
    st.markdown("**What the network sees**")
    grid = pictures.grid(np.stack([each.image for each in number.glyphs]), written(number, rejected), theme(), columns=_COLUMNS)
    st.image(pictures.png(grid), alt=f"{len(number.glyphs)} pictures of 28 by 28 pixels, one for each digit")


def _guess(row: np.ndarray) -> str:
    return f"{row.argmax()} ({row.max():.1%})"


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _certainty_text(number: Number) -> str:
    """Which digit the certainty depends on most; it is the product of the digits' own."""
    place = number.doubtful
    rival = number.probabilities[place].argsort()[-2]
    return (
        f"Chance that all {len(number.glyphs)} digits are right. Least certain: the {ordinal(place)}, {number.text[place]} with "
        f"{number.certainties[place]:.1%}; next comes {rival}."
    )
