"""Draws ui/favicon.png, the mark: an 8 of two rings, as a pen would close them, with the lit dot of an answer.

.venv/bin/python bench/mark.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

_SIDE_PX, _DRAWN = 64, 8  # the file's side; it is drawn that many times larger, for smooth edges
_GROUND, _INK, _LIT = "#1f63b5", "#ffffff", "#ffb52e"


def main() -> None:
    side = _SIDE_PX * _DRAWN
    mark = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(mark)
    draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * 0.22, fill=_GROUND)
    for middle, radius in ((0.325, 0.165), (0.635, 0.215)):
        x, y, r = side * 0.5, side * middle, side * radius
        draw.ellipse((x - r, y - r, x + r, y + r), outline=_INK, width=round(side * 0.088))
    x, y, r = side * 0.5, side * 0.635, side * 0.072
    draw.ellipse((x - r, y - r, x + r, y + r), fill=_LIT)
    path = Path(__file__).parent.parent / "ui" / "favicon.png"
    mark.resize((_SIDE_PX, _SIDE_PX), Image.Resampling.LANCZOS).quantize(64).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
