"""Plotly figures on a page. Streamlit's own chart element loses the zoom whenever its figure changes and costs the browser twice
as much (bench/plot_mount.py); this one hands the changed figure to `Plotly.react`, and what stands on the page stays.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import plotly
import streamlit as st
from plotly.io.json import to_json_plotly
from streamlit.components import v1, v2

from core.charts import Figure
from ui import session_keys as keys
from ui.session import theme

_HERE = Path(__file__).parent
_BUNDLE = "plotly.min.js"
_NUM_PICTURES = 30  # kept for browsers that have yet to fetch them
_folder = TemporaryDirectory(prefix="digitlab-")
_mount = v2.component(
    "digitlab.plot", css=(_HERE / "plot.css").read_text(), js=(_HERE / "plot.js").read_text(), isolate_styles=False
)


@cache
def _served() -> str:
    """The address at which the server gives out what lies in the folder; nothing is ever mounted by this name.

    On the first page rather than at import, which the server begins before it can be told.
    """
    return f"component/{v1.declare_component('plotly', path=_folder.name).name}"


@cache
def bundle() -> str:
    """The address, below the server's root, of the JavaScript that comes with the plotly package, packed.

    Packed once here, for the server would pack its 4.8 MB anew for each browser, a third of a second each time.
    """
    source = Path(plotly.__file__).parent / "package_data" / _BUNDLE
    (Path(_folder.name) / f"{_BUNDLE}.gz").write_bytes(gzip.compress(source.read_bytes(), 6))
    return f"{_served()}/{_BUNDLE}.gz"


@dataclass(frozen=True)
class Sprite:
    """Square images edge to edge in one picture at `address`: a point whose `customdata` is k shows the k-th beside the pointer,
    with its `text`.
    """

    address: str
    side_px: int
    columns: int


def sprite(png: bytes, *, side_px: int, columns: int) -> Sprite:
    """Makes the server give out a PNG file for `plot`. The browser fetches it once, however often the figure changes."""
    folder = Path(_folder.name)
    path = folder / f"{hashlib.sha256(png).hexdigest()[:32]}.png"
    if not path.exists():
        path.with_suffix(".part").write_bytes(png)
        path.with_suffix(".part").replace(path)
        for old in sorted(folder.glob("*.png"), key=lambda each: each.stat().st_mtime)[:-_NUM_PICTURES]:
            old.unlink(missing_ok=True)
    return Sprite(f"{_served()}/{path.name}", side_px, columns)


def prepare() -> None:
    """Lets the browser load what figures need once it has nothing else to do: the first figure would wait a second for it."""
    _mount(key=keys.PLOT_LIBRARY, data={"bundle": bundle()})


def plot(
    figure: Figure,
    *,
    key: str,
    alt: str,
    zoom: bool = False,
    on_click: Callable[[str, str], None] | None = None,
    on_point: Callable[[int], None] | None = None,
    on_select: Callable[[list[int]], None] | None = None,
    sprite: Sprite | None = None,
) -> None:
    """Draws `figure`, or brings it up to date where it is already on the page.

    `alt` says to a screen reader what it shows. `zoom` lets it be zoomed, for as long as the figure's `uirevision` stays the
    same. `on_click` gets the place, (x, y), of a marker that was pressed; `on_point` its `customdata`, a number. `on_select`
    lets points be chosen by a lasso or a box and gets their `customdata`, none where the choice was undone.
    """

    def clicked() -> None:
        point = st.session_state[key].clicked
        if point and on_click:
            on_click(str(point["x"]), str(point["y"]))
        if point and on_point and point["id"] is not None:
            on_point(int(point["id"]))

    def selected() -> None:
        choice = st.session_state[key].selected
        if choice and on_select:
            on_select([int(each) for each in choice["ids"]])

    data = {
        "figure": to_json_plotly(figure),
        "bundle": bundle(),
        "alt": alt,
        "zoom": zoom,
        "select": on_select is not None,
        "sprite": asdict(sprite) if sprite else None,
        "theme": theme(),  # a change of theme brings the colours anew
    }
    _mount(key=key, data=data, on_clicked_change=clicked, on_selected_change=selected)
