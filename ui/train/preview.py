"""What the recipe that is chosen on Train will do, before anything runs: its layers and its learning rates."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import charts
from core.recipe import Recipe, architectures
from core.recipe.schedules import steps_per_epoch
from core.runs.snapshot import RunSnapshot
from ui import session_keys as keys
from ui.run_control.preflight import num_training_images
from ui.session import Lab
from ui.widgets.plot import plot


def network(lab: Lab, recipe: Recipe, _: RunSnapshot | None) -> None:
    """The layers of the recipe's network, and what it costs."""
    st.markdown(
        f"**{architectures.num_parameters(recipe):,}** parameters, **{architectures.multiply_adds(recipe) / 1e6:.1f} million** "
        "multiply-adds per image"
    )
    st.dataframe(_layer_table(recipe), hide_index=True, key=keys.LAYERS_FRAME, alt="The network's layers, one in a line")


def rates(lab: Lab, recipe: Recipe, watched: RunSnapshot | None) -> None:
    """The learning rate over the recipe's epochs, with a dot where the watched run is, if that is its recipe."""
    num_steps = steps_per_epoch(recipe, num_training_images(lab, recipe))
    run = lab.studio.snapshot(watched.run_id) if watched and watched.recipe == recipe else None
    plot(charts.schedule(recipe, num_steps, run=run), key=keys.SCHEDULE_CHART, alt="Learning rate over the epochs")
    st.caption(f"{recipe.epochs} epochs of {num_steps:,} steps, {recipe.batch_size} images each.")


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
