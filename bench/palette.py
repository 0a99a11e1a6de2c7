"""How far apart the ten colours of the digits are for everybody's eyes: CIEDE2000 between any two and to both grounds, seen with
normal colour vision, deuteranopia and protanopia (Machado et al. 2009, severity 1).

    .venv/bin/python bench/palette.py            # the figures of core/charts/parts.py
    .venv/bin/python bench/palette.py --search   # looks for better ones near them
"""

from __future__ import annotations

import argparse
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
from skimage.color import deltaE_ciede2000, rgb2lab

sys.path.insert(0, str(Path(__file__).parent.parent))

from core.charts.parts import DIGIT_COLORS, GROUNDS

# doi.org/10.1109/TVCG.2009.113, table 1; in linear RGB.
EYES = {
    "normal": np.eye(3),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
}
_PAIRS = np.array(list(combinations(range(len(DIGIT_COLORS)), 2)))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--search", action="store_true")
    colors = _searched() if arguments.parse_args().search else digit_colors()
    print(" ".join(_hex(each) for each in colors))
    grounds = np.array([_rgb(each) for each in GROUNDS.values()])
    for name, eye in EYES.items():
        pair, to_grounds = distances(colors, eye)
        words = ", ".join(f"{value:.1f} to the {theme} ground" for theme, value in zip(GROUNDS, to_grounds, strict=True))
        print(f"{name}: at least {pair:.1f} between two, {words}")
    contrasts = [(_contrast(color, ground), theme) for theme, ground in zip(GROUNDS, grounds, strict=True) for color in colors]
    for theme in GROUNDS:
        print(f"contrast with the {theme} ground: at least {min(each for each, name in contrasts if name == theme):.2f}:1")


def distances(colors: np.ndarray, eye: np.ndarray) -> tuple[float, tuple[float, ...]]:
    """The smallest CIEDE2000 between two of the (n, 3) sRGB `colors`, and between one of them and each ground, seen by `eye`."""
    seen, below = _lab(colors, eye), _lab(np.array([_rgb(each) for each in GROUNDS.values()]), eye)
    pairs = deltaE_ciede2000(seen[_PAIRS[:, 0]], seen[_PAIRS[:, 1]])
    return float(pairs.min()), tuple(float(deltaE_ciede2000(seen, ground[None]).min()) for ground in below)


def _searched(num_steps: int = 1500) -> np.ndarray:
    """A random walk from the present colours that moves one at a time, and only uphill."""
    rng = np.random.default_rng(0)
    colors = digit_colors()
    score = _score(colors)
    for step in range(num_steps):
        moved = colors.copy()
        place = rng.integers(len(colors))
        moved[place] = np.clip(moved[place] + rng.normal(0, 0.2 * (1 - step / num_steps) + 0.01, 3), 0, 1)
        if (now := _score(moved)) >= score:
            colors, score = moved, now
    return colors


def _score(colors: np.ndarray) -> float:
    """The smallest distance of all; one to a ground has to be 1.8 times as large."""
    smallest = np.inf
    grounds = np.array([_rgb(each) for each in GROUNDS.values()])
    for eye in EYES.values():
        pair, to_grounds = distances(colors, eye)
        smallest = min(smallest, pair, *(each / 1.8 for each in to_grounds))
    contrast = min(_contrast(color, ground) for color in colors for ground in grounds)
    return smallest + 8 * min(contrast - 2.0, 0)


def digit_colors() -> np.ndarray:
    """(10, 3) sRGB, 0 to 1: the palette as the charts have it."""
    return np.array([_rgb(each) for each in DIGIT_COLORS])


def _lab(colors: np.ndarray, eye: np.ndarray) -> np.ndarray:
    return np.asarray(rgb2lab(_encoded(np.clip(_linear(colors) @ eye.T, 0, 1))))


def _linear(colors: np.ndarray) -> np.ndarray:
    return np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)


def _encoded(colors: np.ndarray) -> np.ndarray:
    return np.where(colors <= 0.0031308, colors * 12.92, 1.055 * colors ** (1 / 2.4) - 0.055)


def _contrast(first: np.ndarray, second: np.ndarray) -> float:
    """WCAG 2.2's contrast ratio."""
    dark, light = sorted(float(_linear(each) @ [0.2126, 0.7152, 0.0722]) for each in (first, second))
    return (light + 0.05) / (dark + 0.05)


def _rgb(text: str) -> np.ndarray:
    return np.array([int(text[place : place + 2], 16) / 255 for place in (1, 3, 5)])


def _hex(color: np.ndarray) -> str:
    return "#" + "".join(f"{round(255 * each):02x}" for each in color)


if __name__ == "__main__":
    main()
