"""What is said of a drawing: the answer in large type, or that it is no digit; of a number, each digit in a frame."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.charts import pictures
from core.constants import SIDE_PX
from core.drawing.diagnosis import article
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
    """The one picture that a network gets."""
    st.markdown("**What the network sees**")
    image = glyph.image if glyph else np.zeros((SIDE_PX, SIDE_PX), np.float32)
    st.image(pictures.png(pictures.digit(image, theme(), scale=SEEN_SCALE)), alt="The drawing as 28 by 28 pixels")
    st.caption("Your drawing, cut out, scaled to 20 pixels and centred by its weight, as MNIST's digits were.")


def headline(row: np.ndarray, *, refused: bool) -> None:
    """One digit with its certainty, from probabilities `row` (10,); of what was refused the nearest one in grey."""
    if refused:
        st.markdown("## I don't think this is a digit")
        st.markdown(f":gray[If it is one, then {_guess(row)}.]")
    else:
        st.markdown(f"## {row.argmax()} \N{EN SPACE}{row.max():.1%}")


def number_headline(number: Number, refused: np.ndarray) -> None:
    """The number with its certainty; a question mark stands for each digit that was refused, its nearest guess in grey below."""
    if len(refused) == 1:
        headline(number.probabilities[0], refused=bool(refused[0]))
        st.write("Only one was found here. Digits side by side are read as one number.")
        return
    if not refused.any():
        st.markdown(f"## {number.text} \N{EN SPACE}{number.certainty:.1%}")
        st.write(_certainty_text(number))
        return
    places = np.flatnonzero(refused)
    names, guesses = [ordinal(int(place)) for place in places], [_guess(number.probabilities[place]) for place in places]
    if refused.all():
        st.markdown("## I don't think this is a number")
    else:
        st.markdown(f"## {''.join(written(number, refused))}")
        st.write(f"I don't think the {_listed(names)} {'is a digit' if len(places) == 1 else 'are digits'}.")
    if len(places) == 1:
        st.markdown(f":gray[If it is one, then {guesses[0]}.]")
    else:
        told = [f"the {name} {guess}" for name, guess in zip(names, guesses, strict=True)]
        st.markdown(f":gray[If they are, then {_listed(told)}.]")


def written(number: Number, refused: np.ndarray) -> list[str]:
    """Each digit, or a question mark where it was refused."""
    return ["?" if no else digit for digit, no in zip(number.text, refused, strict=True)]


def boxes(picture: np.ndarray, number: Number, refused: np.ndarray) -> None:
    """`picture` (h, w, 3 or 4) with each digit framed, and below what the network sees of each."""
    signs = written(number, refused)
    titles = [f"{sign}  {sure:.0%}" if sign != "?" else "?" for sign, sure in zip(signs, number.certainties, strict=True)]
    framed = pictures.boxed(picture, [glyph.box for glyph in number.glyphs], titles, theme())
    st.image(pictures.png(framed), alt=f"What was written, with a frame around each digit: {', '.join(titles)}")
    st.markdown("**What the network sees**")
    grid = pictures.grid(np.stack([glyph.image for glyph in number.glyphs]), signs, theme(), columns=_COLUMNS)
    st.image(pictures.png(grid), alt=f"{len(titles)} pictures of 28 by 28 pixels, one for each digit")


def _guess(row: np.ndarray) -> str:
    return f"{article(int(row.argmax()))}: {row.max():.1%}"


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _certainty_text(number: Number) -> str:
    """In words: what the percentage beside the number means, and which digit it hangs on."""
    place = number.doubtful
    rival = number.probabilities[place].argsort()[-2]
    return (
        f"The chance that all {len(number.glyphs)} digits are right is {number.certainty:.1%}: their certainties, multiplied. "
        f"Least sure: the {ordinal(place)} digit, {number.text[place]} with "
        f"{number.certainties[place]:.1%}; the next guess is {rival}."
    )
