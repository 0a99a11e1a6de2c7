"""The answer in large type, or that the drawing is not a digit; of a number, each digit in a frame as well."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.charts import pictures
from core.constants import SIDE_PX
from core.drawing.numbers import Number
from core.drawing.preprocessing import Glyph
from ui.session import theme

SEEN_SCALE = 6
_COLUMNS = 8  # of digits in a row
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


def ordinal(place: int) -> str:
    """ "3rd" for place 2."""
    return _ORDINALS.get(place + 1, f"{place + 1}th")


def seen(glyph: Glyph | None) -> None:
    """The one image that the network gets."""
    st.markdown("**What the network sees**")
    image = glyph.image if glyph else np.zeros((SIDE_PX, SIDE_PX), np.float32)
    st.image(pictures.png(pictures.digit(image, theme(), scale=SEEN_SCALE)), alt="The drawing as 28 by 28 pixels")
    st.caption("Your drawing, cropped, scaled to 20 pixels and centred on its centre of mass, like the digits of MNIST.")


def headline(row: np.ndarray, *, rejected: bool) -> None:
    """One digit with its certainty, from probabilities `row` (10,); for a rejected drawing the closest digit in grey."""
    if rejected:
        st.markdown("## I don't think this is a digit")
        st.markdown(f":gray[Closest digit: {_guess(row)}]")
    else:
        st.markdown(f"## {row.argmax()} \N{EN SPACE}{row.max():.1%}")


def number_headline(number: Number, rejected: np.ndarray) -> None:
    """The number with its certainty; a question mark stands for each rejected digit, with the closest digit in grey below."""
    if len(rejected) == 1:
        headline(number.probabilities[0], rejected=bool(rejected[0]))
        st.write("Only one digit was found. Digits written side by side are read as one number.")
        return
    if not rejected.any():
        st.markdown(f"## {number.text} \N{EN SPACE}{number.certainty:.1%}")
        st.write(_certainty_text(number))
        return
    places = np.flatnonzero(rejected)
    names, guesses = [ordinal(int(place)) for place in places], [_guess(number.probabilities[place]) for place in places]
    if rejected.all():
        st.markdown("## I don't think this is a number")
    else:
        st.markdown(f"## {''.join(written(number, rejected))}")
        st.write(f"I don't think the {_listed(names)} {'is a digit' if len(places) == 1 else 'are digits'}.")
    if len(places) == 1:
        st.markdown(f":gray[Closest digit: {guesses[0]}]")
    else:
        closest = [f"{name} {guess}" for name, guess in zip(names, guesses, strict=True)]
        st.markdown(f":gray[Closest digits: {', '.join(closest)}]")


def written(number: Number, rejected: np.ndarray) -> list[str]:
    """Each digit, or a question mark where it is rejected."""
    return ["?" if no else digit for digit, no in zip(number.text, rejected, strict=True)]


def boxes(picture: np.ndarray, number: Number, rejected: np.ndarray) -> None:
    """`picture` (h, w, 3 or 4) with each digit framed, and below it what the network sees of each."""
    signs = written(number, rejected)
    titles = [f"{sign}  {sure:.0%}" if sign != "?" else "?" for sign, sure in zip(signs, number.certainties, strict=True)]
    framed = pictures.boxed(picture, [glyph.box for glyph in number.glyphs], titles, theme())
    st.image(pictures.png(framed), alt=f"What was written, with a frame around each digit: {', '.join(titles)}")
    st.markdown("**What the network sees**")
    grid = pictures.grid(np.stack([glyph.image for glyph in number.glyphs]), signs, theme(), columns=_COLUMNS)
    st.image(pictures.png(grid), alt=f"{len(titles)} pictures of 28 by 28 pixels, one for each digit")


def _guess(row: np.ndarray) -> str:
    return f"{row.argmax()} ({row.max():.1%})"


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _certainty_text(number: Number) -> str:
    """What the percentage beside the number means, and which digit it depends on most."""
    place = number.doubtful
    rival = number.probabilities[place].argsort()[-2]
    return (
        f"All {len(number.glyphs)} digits are right with a probability of {number.certainty:.1%}, the product of their own. "
        f"Least certain is the {ordinal(place)} digit, {number.text[place]} with "
        f"{number.certainties[place]:.1%}; the second guess is {rival}."
    )
