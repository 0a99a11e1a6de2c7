"""Cells of a table coloured by an accuracy, with letters that can be read on them."""

from __future__ import annotations

import math

from core.charts.parts import SCALES

_BLACK, _WHITE = "#000000", "#ffffff"
_MOST, _FEWEST = 0.5, 0.001  # share of errors of the weakest and the strongest ground


def shade(accuracy: float, theme: str) -> tuple[str, str]:
    """The ground and the letters, as "#rrggbb", of a cell with an `accuracy` in [0, 1]: the better, the stronger.

    By the logarithm of the share of errors, from one in two to one in a thousand, so that 99 % and 98 % look as different as 90 %
    and 80 %. Black or white, whichever stands out more, has a contrast of 4.58 or more to any ground: the root of 21.
    """
    weak, strong = (str(color) for _, color in SCALES[theme])
    errors = min(max(1 - accuracy, _FEWEST), _MOST)
    share = math.log(errors / _MOST) / math.log(_FEWEST / _MOST)
    ground = "#" + "".join(
        f"{round((1 - share) * low + share * high):02x}" for low, high in zip(_rgb(weak), _rgb(strong), strict=True)
    )
    return ground, max((_BLACK, _WHITE), key=lambda letters: contrast(letters, ground))


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (each / 255 for each in _rgb(color))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue
