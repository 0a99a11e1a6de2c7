"""The "Why?" block: the drawing stage by stage, and maps of the answer under small perturbations."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import charts
from core.charts import pictures
from core.constants import SIDE_PX
from core.drawing import diagnosis
from core.drawing.diagnosis import DRAWING, Diagnosis, VariantAnswers
from core.drawing.lattice import Box
from core.drawing.perturbations import SCALES, SHIFTS_PX, THICKER_PX, TURNS_DEG
from core.drawing.preprocessing import Glyph
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.session import Lab, theme
from ui.widgets.plot import plot

_SCALE = 4
_STAGES = {
    "raw": ("Raw", "The whole canvas, 28 pixels wide: what a network gets without preprocessing."),
    "cropped": ("Cropped", "Cropped and scaled to the whole image."),
    "centred": ("Centred", "Scaled to 20 pixels and centred on its centre of mass, as in MNIST."),
    "even strokes": ("Even strokes", "Its strokes brought towards the width of those in MNIST."),
}


def why(
    lab: Lab,
    run: RunSnapshot,
    glyph: Glyph,
    canvas_px: tuple[int, int],
    *,
    key: str,
    epoch: int | None = None,
    answered: int = DRAWING,
) -> None:
    """A closed block about one `glyph` of a canvas of so many rows and columns, answered at one of the stages; opened, it asks
    the network about 175 images at once.
    """
    block = st.expander("Why?", key=key, on_change="rerun", icon=":material/stethoscope:")
    if not block.open:
        return
    with block:
        if epoch is None:
            epoch = run.served_epoch_number
        found, stages = _diagnosed(run.run_id, epoch, glyph.image, glyph.ink, glyph.box, canvas_px, answered, lab, run, glyph)
        st.markdown(
            f"**{found.smallest}**",
            help=("Of all changes below that alter the answer, the one that moves the ink least on average."),
        )
        _stages(found.stages, stages, answered)
        _maps(found)


def _stages(answers: VariantAnswers, images: np.ndarray, answered: int) -> None:
    with st.container(horizontal=True, gap="medium"):
        for place, (title, words) in enumerate(_STAGES.values()):
            with st.container(width=SIDE_PX * _SCALE + 8, gap="small"):
                st.caption(f"**{title}**, answered" if place == answered else title, help=words)
                digit, sure = answers.digits[place], answers.certainty[place]
                st.image(pictures.png(pictures.digit(images[place], theme(), scale=_SCALE)), alt=f"The digit, {title.lower()}")
                st.markdown(f"**{digit}** \N{EN SPACE}{sure:.0%}" if digit >= 0 else "nothing")


def _maps(found: Diagnosis) -> None:
    st.caption("Blue: the same answer. Orange: another digit. Stronger: more certain. In the middle: the drawing as it is.")
    left, right = st.columns(2, gap="medium")
    with left:
        _map(
            found,
            found.shifted,
            "Shifted",
            x={"title": "pixels to the right", "labels": _signed(SHIFTS_PX)},
            y={"title": "pixels down", "labels": _signed(SHIFTS_PX)},
        )
    with right:
        _map(
            found,
            found.turned,
            "Turned and scaled",
            x={"title": "degrees to the right", "labels": _signed(TURNS_DEG)},
            y={"title": "size", "labels": [f"{scale:.0%}" for scale in SCALES]},
        )
    thicker = VariantAnswers(found.thicker.digits[None], found.thicker.certainty[None])
    widths = [f"{2 * each:+.1f}" if each else "0" for each in THICKER_PX]
    _map(
        found,
        thicker,
        "Thinner and thicker",
        x={"title": "pixels that its strokes are wider", "labels": widths},
        y={"title": "strokes", "labels": [""], "height": 150},
    )


def _map(found: Diagnosis, answers: VariantAnswers, title: str, *, x: dict[str, object], y: dict[str, object]) -> None:
    alt = f"{title}: {answers.num_same(found.digit)} of {answers.digits.size} changed drawings are still read as {found.digit}"
    plot(charts.answer_map(answers, found.digit, title, theme(), x=x, y=y), key=keys.why_map(title), alt=alt)


def _signed(values: tuple[int, ...]) -> list[str]:
    return [f"{value:+d}" if value else "0" for value in values]


# The block is redrawn with every press beside it; the same drawing has the same answers.
@st.cache_data(show_spinner=False, max_entries=16)
def _diagnosed(
    run_id: str,
    epoch: int,
    image: np.ndarray,
    ink: np.ndarray,
    box: Box,
    canvas_px: tuple[int, int],
    answered: int,
    _lab: Lab,
    _run: RunSnapshot,
    _glyph: Glyph,
) -> tuple[Diagnosis, np.ndarray]:
    made = diagnosis.variants(_glyph, canvas_px, answered=answered)
    found = diagnosis.diagnosis(made, _lab.predictor.probabilities(_run, made.images, epoch=epoch))
    return found, made.images[: len(diagnosis.STAGES)]
