"""Plotly figures on a page. Streamlit's own chart element is mounted anew whenever its figure changes, which loses the zoom and
blinks; this one hands the changed figure to `Plotly.react`, and what stands on the page stays.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import plotly
import streamlit as st
from plotly.io.json import to_json_plotly
from streamlit.components import v1, v2

from core.charts import Figure
from ui.session import theme

_HERE = Path(__file__).parent
_BUNDLE = "plotly.min.js"
_folder = TemporaryDirectory(prefix="digitlab-")
# Only makes the server give out what lies in the folder; nothing is ever mounted by this name.
_served = v1.declare_component("plotly", path=_folder.name)
_mount = v2.component(
    "digitlab.plot", css=(_HERE / "plot.css").read_text(), js=(_HERE / "plot.js").read_text(), isolate_styles=False
)


@cache
def bundle() -> str:
    """The address, below the server's root, of the JavaScript that comes with the plotly package, packed.

    Packed once here, for the server would pack its 4.8 MB anew for each browser, a third of a second each time.
    """
    source = Path(plotly.__file__).parent / "package_data" / _BUNDLE
    (Path(_folder.name) / f"{_BUNDLE}.gz").write_bytes(gzip.compress(source.read_bytes(), 6))
    return f"component/{_served.name}/{_BUNDLE}.gz"


def plot(
    figure: Figure, *, key: str, alt: str, zoom: bool = False, on_click: Callable[[str, str], None] | None = None
) -> None:
    """Draws `figure`, or brings it up to date where it is already on the page.

    `alt` says to a screen reader what it shows. `zoom` lets it be zoomed, for as long as the figure's `uirevision` stays the
    same. `on_click` gets the place, (x, y), of a marker that was pressed.
    """

    def clicked() -> None:
        point = st.session_state[key].clicked
        if on_click and point:
            on_click(str(point["x"]), str(point["y"]))

    data = {
        "figure": to_json_plotly(figure),
        "bundle": bundle(),
        "alt": alt,
        "zoom": zoom,
        "theme": theme(),  # a change of theme brings the colours anew
    }
    _mount(key=key, data=data, on_clicked_change=clicked)
