"""What the recipe that is chosen on Train will do, before anything runs: its learning rates and its layers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import charts, datasets
from core.recipe import Recipe, architectures
from core.recipe.schedules import steps_per_epoch
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.browser import hiding
from ui.polling import while_training
from ui.run_control.preflight import num_training_images
from ui.session import Lab
from ui.widgets.plot import plot


def plan(lab: Lab, recipe: Recipe, watched: RunSnapshot | None) -> None:
    """What the chosen recipe will do: its learning rates and its layers."""
    if hiding.hidden("rates") and hiding.hidden("layers"):
        return
    datasets.load(recipe.dataset)  # what is missing or damaged is told before Start
    st.header("Preview of this recipe")
    rates, layers = st.columns([2, 3])
    num_steps = steps_per_epoch(recipe, num_training_images(lab, recipe))
    run = watched if watched and watched.recipe == recipe else None
    if not hiding.hidden("rates"):
        with rates:
            _rates(lab, recipe, num_steps, run)
        rates.caption(f"{recipe.epochs} epochs of {num_steps:,} steps, {recipe.batch_size} images each.")
    if hiding.hidden("layers"):
        return
    layers.markdown(
        f"**The network:** {architectures.num_parameters(recipe):,} parameters, "
        f"{architectures.multiply_adds(recipe) / 1e6:.1f} million multiply-adds per image"
    )
    layers.dataframe(_layer_table(recipe), hide_index=True, key=keys.LAYERS_FRAME)


def _rates(lab: Lab, recipe: Recipe, num_steps: int, run: RunSnapshot | None) -> None:
    """The schedule; its dot moves while `run` trains."""

    def draw(now: RunSnapshot | None) -> None:
        plot(charts.schedule(recipe, num_steps, run=now), key=keys.SCHEDULE_CHART, alt="Learning rate over the epochs")

    if run and run.active:
        while_training(lab, lambda: draw(lab.studio.snapshot(run.run_id)), rarely=True)
    else:
        draw(run)


def _layer_table(recipe: Recipe) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "layer": layer.title,
                "output": " x ".join(map(str, layer.shape)),
                "parameters": f"{layer.num_parameters:,}",
                "multiply-adds": f"{layer.multiply_adds:,}",
            }
            for layer in architectures.layers(recipe)
        ]
    )
