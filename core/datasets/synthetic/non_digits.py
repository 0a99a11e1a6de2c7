"""Synthetic non-digits: drawings that a network has to reject.

Letters and signs by hand and in Pillow's own font, scribbles, shapes, dots, dashes, two digits in one. Left out is what is
written exactly like a digit, see `core.datasets.synthetic.letters`, and of single strokes whatever stands upright. Any thread may
call this; some three milliseconds each on one core. Knows nothing of networks.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.constants import SIDE_PX
from core.datasets import synthetic
from core.datasets.synthetic import paths
from core.datasets.synthetic.freehand import BRUSHES_PX, CANVAS_PX, Stroke, drawn, path, rewritten, turns, unsteadied
from core.datasets.synthetic.letters import LETTERS, SIGNS
from core.drawing.lattice import box_of
from core.drawing.preprocessing import read_digit

PRINTED_LETTERS = "ABCEFGHJKLMNPQRSTUVWXYZacdefhkmnprtuvwxy"
PRINTED_SIGNS = "?!/\\&#@%+*=<>^{}[]~"
_DASH_DEG = 30  # a steeper one might be a one

_Maker = Callable[[np.random.Generator], list[Stroke]]


@dataclass(frozen=True, eq=False)
class NonDigits:
    """`images` (n, 28, 28) float32 in [0, 1], as the networks get them; `kinds` (n,) the name of each one's family, and `names`
    (n,) which letter or sign it is, of the others the kind again.
    """

    images: np.ndarray
    kinds: np.ndarray
    names: np.ndarray


@lru_cache(maxsize=4)
def non_digits(num_images: int, seed: int) -> NonDigits:
    """`num_images` of them, every kind as often as the others. The same seed gives the same ones."""
    random = np.random.default_rng([seed, 0x0D])
    kinds = [list(KINDS)[place % len(KINDS)] for place in range(num_images)]
    names = [str(random.choice(_CHARACTERS[kind])) if kind in _CHARACTERS else kind for kind in kinds]
    images = np.zeros((num_images, SIDE_PX, SIDE_PX), np.float32)
    for row, (kind, name) in enumerate(zip(kinds, names, strict=True)):
        images[row] = whole(KINDS[kind](random, name))
    images.setflags(write=False)
    return NonDigits(images, np.array(kinds, str), np.array(names, str))


def whole(canvas: np.ndarray) -> np.ndarray:
    """(28, 28): what a network gets of all that is drawn on `canvas` (h, w) uint8; all 0 of a blank one."""
    glyph = read_digit(canvas)
    return glyph.image if glyph else np.zeros((SIDE_PX, SIDE_PX), np.float32)


def _star(random: np.random.Generator) -> list[Stroke]:
    if random.random() < 0.5:  # in one go, five lines that cross
        angle = -math.pi / 2 + np.arange(6) * 4 * math.pi / 5
        return [np.stack([0.5 + 0.5 * np.cos(angle), 0.5 + 0.5 * np.sin(angle)], axis=1)]
    angle, radius = -math.pi / 2 + np.arange(11) * math.pi / 5, np.where(np.arange(11) % 2, 0.2, 0.5)
    return [np.stack([0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle)], axis=1)]


def _face(random: np.random.Generator) -> list[Stroke]:
    mouth = turns(0.36, from_radius=0.55, to_radius=0.55, start=0.18 * math.pi)
    eyes = [np.array([[x, 0.36], [x, 0.40]]) for x in (0.33, 0.67)]
    nose = [np.array([[0.5, 0.45], [0.47, 0.58]])] if random.random() < 0.4 else []
    return [turns(1.02, start=random.uniform(0, 6)), *eyes, *nose, mouth]


def _heart(random: np.random.Generator) -> list[Stroke]:
    t = np.linspace(0, 2 * math.pi, 40)
    x, y = 16 * np.sin(t) ** 3, -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return [np.stack([x / 34 + 0.5, y / 34 + 0.5], axis=1)]


def _spiral(random: np.random.Generator) -> list[Stroke]:
    way = 1 if random.random() < 0.5 else -1
    return [turns(way * random.uniform(1.8, 2.7), from_radius=0.08, to_radius=1, start=random.uniform(0, 6))]


def _zigzag(random: np.random.Generator) -> list[Stroke]:
    corners = int(random.integers(6, 10))
    places = np.stack([np.linspace(0, 1, corners), np.where(np.arange(corners) % 2, 0.5, 0.05)], axis=1)
    return [places]


_SHAPES: dict[str, _Maker] = {
    "triangle": lambda random: path("50,4 96,92 4,92 50,4"),
    "square": lambda random: path("4,4 96,4 96,96 4,96 4,4"),
    "star": _star,
    "spiral": _spiral,
    "heart": _heart,
    "arrow": lambda random: path("2,50 98,50 / 66,22 98,50 66,78"),
    "cross": lambda random: path("5,5 95,95 / 95,5 5,95") if random.random() < 0.5 else path("50,2 50,98 / 4,42 96,42"),
    "zigzag": _zigzag,
    "house": lambda random: path("10,100 10,45 50,4 90,45 90,100 10,100 / 10,45 90,45"),
    "tick": lambda random: path("2,52 34,88 98,6"),
}


def _written(random: np.random.Generator, character: str) -> np.ndarray:
    """A letter or sign by hand, in one of the ways in which people write it."""
    ways = (LETTERS | SIGNS)[character]
    return drawn(unsteadied(paths.lines(ways[int(random.integers(len(ways)))]), random), random)


def _printed(random: np.random.Generator, character: str) -> np.ndarray:
    return printed(random, character, ImageFont.load_default)


def printed(
    random: np.random.Generator, character: str, font: Callable[[float], ImageFont.ImageFont | ImageFont.FreeTypeFont]
) -> np.ndarray:
    """A character of a font, its lines thickened to a brush's width, turned, slanted and stretched a little; `font` gives the
    font of a height in px.
    """
    height, brush = random.uniform(90, 180), random.uniform(*BRUSHES_PX)
    own = height / 12  # the width of the font's own lines
    canvas, middle = Image.new("L", (CANVAS_PX, CANVAS_PX)), CANVAS_PX / 2
    ImageDraw.Draw(canvas).text(
        (middle, middle),
        character,
        fill=255,
        font=font(height),
        anchor="mm",
        stroke_width=max((brush - own) / 2, 0),
        stroke_fill=255,
    )
    return rewritten(canvas, random)


def _shape(random: np.random.Generator, _: str) -> np.ndarray:
    return drawn(unsteadied(_SHAPES[str(random.choice(list(_SHAPES)))](random), random), random)


def _smiley(random: np.random.Generator, _: str) -> np.ndarray:
    return drawn(unsteadied(_face(random), random), random, length_px=random.uniform(130, 230))


def _scribble(random: np.random.Generator, _: str) -> np.ndarray:
    """A long smooth walk, or hatching to and fro."""
    if random.random() < 0.35:
        rows = int(random.integers(8, 16))
        ends = np.where(np.arange(rows) % 2, 1.0, 0.0) + random.normal(0, 0.08, rows)
        return drawn(unsteadied([np.stack([ends, np.linspace(0, random.uniform(0.5, 1), rows)], axis=1)], random), random)
    heading = np.cumsum(random.normal(0, 0.45, 220) + random.normal(0, 0.12))
    walk = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=1), axis=0)
    walk -= np.linspace(0, 0.85, 220)[:, None] * walk[-1]  # or it would leave for the horizon
    return drawn([walk / 40], random)


def _dot(random: np.random.Generator, _: str) -> np.ndarray:
    """A press without a stroke, a hand's small tremble with it."""
    return drawn([random.normal(0, 1, (int(random.integers(1, 5)), 2))], random, length_px=random.uniform(0, 6))


def _dash(random: np.random.Generator, _: str) -> np.ndarray:
    angle = math.radians(random.uniform(-_DASH_DEG, _DASH_DEG))
    line = np.array([[0, 0], [math.cos(angle), math.sin(angle)]])
    return drawn(unsteadied([line], random, slanted=False), random, length_px=random.uniform(40, 220))


def _two_in_one(random: np.random.Generator, _: str) -> np.ndarray:
    """The right part of one digit run into the left part of another, as a crop in the wrong place would give."""
    pool = _digits()
    halves = []
    for place, image in enumerate(pool[random.integers(0, len(pool), 2)]):
        digit = _trimmed(np.asarray(Image.fromarray(image).resize((CANVAS_PX // 2,) * 2, Image.Resampling.BICUBIC)))
        width = int(digit.shape[1] * random.uniform(0.5, 0.8))
        halves.append(digit[:, :width] if place else digit[:, -width:])
    height = max(half.shape[0] for half in halves)
    padded = [np.pad(half, ((0, height - half.shape[0]), (0, 0))) for half in halves]
    overlap = max(min(12, *(half.shape[1] - 1 for half in halves)), 0)
    canvas = np.zeros((height, padded[0].shape[1] + padded[1].shape[1] - overlap), np.uint8)
    canvas[:, : padded[0].shape[1]] = padded[0]
    canvas[:, -padded[1].shape[1] :] = np.maximum(canvas[:, -padded[1].shape[1] :], padded[1])
    return np.pad(canvas, 30)


@lru_cache(maxsize=1)
def _digits() -> np.ndarray:
    return synthetic.drawn(500, 0xC0)[0]


def _trimmed(picture: np.ndarray) -> np.ndarray:
    left, top, right, bottom = box_of(picture > 99) or (0, 0, *picture.shape[::-1])
    return picture[top:bottom, left:right]


# Kind by its name: what draws one, (h, w) uint8 with paper 0; it is told which character, of the kinds that have several.
KINDS: dict[str, Callable[[np.random.Generator, str], np.ndarray]] = {
    "letter by hand": _written,
    "letter in print": _printed,
    "sign by hand": _written,
    "sign in print": _printed,
    "shape": _shape,
    "face": _smiley,
    "scribble": _scribble,
    "dot": _dot,
    "dash": _dash,
    "two in one": _two_in_one,
}
_CHARACTERS = {
    "letter by hand": list(LETTERS),
    "letter in print": list(PRINTED_LETTERS),
    "sign by hand": list(SIGNS),
    "sign in print": list(PRINTED_SIGNS),
}
