"""Slim sliders, one under the other, each with its value beside it in a field that takes any number.

One component for all of them: eight of Streamlit's own sliders with eight number fields cost the browser more than the rest of
the page, and none is logarithmic. A thumb stands at one of the `stops`; what is typed may lie between and beyond them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st
from streamlit.components import v2

from ui import session_keys as keys

_HERE = Path(__file__).parent
_mount = v2.component(
    "digitlab.sliders", css=(_HERE / "sliders.css").read_text(), js=(_HERE / "sliders.js").read_text(), isolate_styles=False
)


@dataclass(frozen=True)
class Slider:
    """One slider; every number is as it is shown. `usual` is marked under the thumb's way."""

    name: str
    label: str
    value: float
    usual: float
    stops: tuple[float, ...]
    low: float
    high: float
    help: str
    before: str = ""
    after: str = ""
    disabled: bool = False


def sliders(rows: Sequence[Slider], *, key: str, on_change: Callable[[dict[str, float]], None]) -> None:
    """Draws them. `on_change` gets the new values by name, within their bounds, in a callback: before the page is drawn again."""
    by_name = {row.name: row for row in rows}

    def take() -> None:
        said = st.session_state[key].changed
        if not said:
            return
        st.session_state[keys.sliders_heard(key)] = said["at"]
        values = {name: _bounded(by_name[name], value) for name, value in said["values"].items() if name in by_name}
        on_change({name: value for name, value in values.items() if value is not None})

    data = {"rows": [asdict(row) for row in rows], "heard": st.session_state.get(keys.sliders_heard(key), 0)}
    _mount(key=key, data=data, on_changed_change=take)


def _bounded(row: Slider, value: object) -> float | None:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return min(max(float(value), row.low), row.high)
