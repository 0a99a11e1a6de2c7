"""What a press on Start will take and bring, in a line."""

from __future__ import annotations

import streamlit as st

from core.recipe import Recipe
from core.training import forecast
from ui.session import Lab


@st.cache_data(ttl=60, max_entries=200, show_spinner=False)
def whole_s(_lab: Lab, recipe: Recipe) -> float | None:
    """Seconds that the recipe takes from start to end, None where that is not known: kept for a minute, for the queue of runs
    asks twice a second.
    """
    return forecast.seconds(recipe, _lab.store, _lab.store.runs.all())


def forecast_line(lab: Lab, recipe: Recipe) -> str:
    """ "about 20 s, 97.8-98.6% expected"; what is not known yet is left out."""
    past = lab.store.runs.all()
    seconds = forecast.seconds(recipe, lab.store, past)
    expected = forecast.accuracy(recipe, past)
    parts = [about(seconds)] if seconds else []
    if expected:
        low, high, num_runs = expected
        share = f"{100 * low:.1f}\N{EN DASH}{100 * high:.1f}%" if round(1000 * low) != round(1000 * high) else f"{100 * low:.1f}%"
        own = f" ({num_runs} run{'s' * (num_runs > 1)} here)" if num_runs else ""
        parts.append(f"{share} expected{own}")
    return ", ".join(parts)


def about(seconds: float) -> str:
    """ "about 20 s", "about 4 min", "about 2 h": no more figures than a forecast deserves."""
    if seconds < 57.5:
        return f"about {max(5, 5 * round(seconds / 5))} s"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} min"
    return f"about {round(seconds / 3600)} h"
