"""What a press on Start will take and bring, in a line."""

from __future__ import annotations

import streamlit as st

from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot
from core.training import forecast, speed
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


def arithmetic_line(lab: Lab, recipe: Recipe) -> str:
    """What an automatic choice of the arithmetic means on this machine, and by what measurement."""
    speeds = speed.known(lab.store)
    steps_s = speed.steps_s(recipe, speeds)
    if "float32" not in steps_s:
        return "On this machine nothing is measured yet: automatic means 32 bits until then."
    if len(steps_s) == 1:
        return "This machine's processor has no instructions for bfloat16: automatic means 32 bits."
    best, other = ("32 bits", "bfloat16") if speed.fastest(recipe, speeds) == "float32" else ("bfloat16", "32 bits")
    step_ms = {"32 bits": 1000 * steps_s["float32"], "bfloat16": 1000 * steps_s["mixed_bfloat16"]}
    return (
        f"Automatic means {best} on this machine: a step of this recipe takes {step_ms[best]:.3g} ms, in {other} "
        f"{step_ms[other]:.3g} ms."
    )


def said(run: RunSnapshot) -> str:
    """ "said about 10 s": what was forecast for a run that went to its last epoch; empty for any other."""
    whole = run.state == "finished" and len(run.epochs) == run.recipe.epochs
    return f"said {about(run.expected_s)}" if whole and run.expected_s else ""


def about(seconds: float) -> str:
    """ "about 20 s", "about 4 min", "about 2 h": no more figures than a forecast deserves."""
    if seconds < 57.5:
        return f"about {max(5, 5 * round(seconds / 5))} s"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} min"
    return f"about {round(seconds / 3600)} h"
