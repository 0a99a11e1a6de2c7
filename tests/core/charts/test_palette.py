"""The colours of the digits can be told apart by colour-blind people, on both grounds."""

from pathlib import Path

import pytest

from bench.palette import EYES, digit_colors, distances
from core.charts.parts import GROUNDS


@pytest.mark.parametrize("eye", EYES)
def test_any_two_digits_differ_for_every_eye_and_stand_out_from_the_ground(eye):
    between_two, to_grounds = distances(digit_colors(), EYES[eye])
    assert between_two > 13 and min(to_grounds) > 23


def test_the_grounds_are_those_of_the_theme():
    config = (Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text()
    for name, color in GROUNDS.items():
        assert config.partition(f"[theme.{name}]")[2].partition("\n[")[0].count(f'\nbackgroundColor = "{color}"') == 1
