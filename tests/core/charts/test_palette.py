"""The colours of the digits can be told apart by colour-blind people, on both grounds."""

from pathlib import Path

import pytest

from bench.palette import EYES, digit_colors, distances
from core.charts.parts import GROUNDS, SCALES


@pytest.mark.parametrize("eye", EYES)
def test_any_two_digits_differ_for_every_eye_and_stand_out_from_the_ground(eye):
    between_two, to_grounds = distances(digit_colors(), EYES[eye])
    assert between_two > 13 and min(to_grounds) > 23


def test_the_grounds_are_those_of_the_theme():
    config = (Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text()
    for name, color in GROUNDS.items():
        assert config.partition(f"[theme.{name}]")[2].partition("\n[")[0].count(f'\nbackgroundColor = "{color}"') == 1


@pytest.mark.parametrize("theme", SCALES)
def test_a_full_cell_of_a_matrix_can_be_read(theme):
    """4.5 to 1, WCAG 2.2, for the white that Plotly writes on a dark cell, one of a brightness below 128."""
    red, green, blue = (int(SCALES[theme][-1][1][place : place + 2], 16) for place in (1, 3, 5))
    assert 0.299 * red + 0.587 * green + 0.114 * blue < 128
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red / 255, green / 255, blue / 255)]
    assert 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) > 4.5
