"""The one way from a page to core's long-lived objects, and what a page knows of the browser."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import script_runner

from core.constants import SIDE_PX
from core.datasets.validation import validation_part
from core.errors import DigitLabError
from core.network.predictor import Predictor
from core.store import Store, starter
from core.system.background_jobs import Jobs
from core.system.paths import data_dir
from core.training import forecast
from core.training.limits import Limits
from core.training.studio import Studio
from core.warmup import warm_up

# The first page goes out before TensorFlow's import takes the interpreter.
_WARM_UP_DELAY_S = 1.0

# Streamlit clears Keras' session after every script run, for all threads: a network that is being built in another one loses
# count of its layers' names, and the run fails. Keras is none of a page's business.
script_runner._clean_problem_modules = lambda: None


@dataclass(frozen=True)
class Lab:
    """What one server process owns: the record of runs, the training queue, the network that answers, and what is computed
    for the pages in the background: `features` of images, `maps`, which take longer, the `rejections` of networks, and the
    `histories` of drawings over the epochs.
    """

    store: Store
    studio: Studio
    predictor: Predictor
    features: Jobs[Any] = field(default_factory=lambda: Jobs("digitlab-features"))
    maps: Jobs[Any] = field(default_factory=lambda: Jobs("digitlab-maps", num_kept=8))
    rejections: Jobs[Any] = field(default_factory=lambda: Jobs("digitlab-rejections", num_kept=16))
    histories: Jobs[Any] = field(default_factory=lambda: Jobs("digitlab-histories", num_kept=32))

    @cached_property
    def history_predictor(self) -> Predictor:
        """The predictor of the `histories`: it loads one epoch after another, so it shares no model with the pages' own."""
        return Predictor(self.store, num_models=1)


@st.cache_resource(show_spinner=False)
def lab() -> Lab:
    """The process's one Lab, made at the first page's first run."""
    store = Store(data_dir())
    made = Lab(store, Studio(store, limits=Limits.from_environment()), Predictor(store))
    timer = threading.Timer(_WARM_UP_DELAY_S, _warm_up, args=(made,))
    timer.daemon = True
    timer.start()
    return made


def _warm_up(made: Lab) -> None:
    import streamlit_drawable_canvas  # noqa: F401  # settled with the rest

    warm_up()
    if made.studio.current() is None:  # beside a training it would measure the wrong thing; the next start of the server does it
        forecast.measure(made.store)
    newest = made.studio.newest()
    answers = newest if newest and newest.served_epoch else starter.network()
    with suppress(DigitLabError):  # weights or data that are gone are told where somebody asks for them
        if answers:
            made.predictor.probabilities(answers, np.zeros((1, SIDE_PX, SIDE_PX), np.float32))
        if newest:
            validation_part(newest.recipe)
    import cleanlab.filter  # noqa: F401  # last, as only the label faults need it


def at_the_server() -> bool:
    """Whether the browser runs on the server's own computer; one that comes through a proxy does not."""
    return st.context.ip_address is None and not any(name in st.context.headers for name in ("X-Forwarded-For", "Forwarded"))


def num_browsers() -> int:
    """How many browser windows are connected to the server; 1 where Streamlit, which has no public way to ask, does not tell."""
    sessions = getattr(get_instance(), "_session_mgr", None) if exists() else None
    return len(sessions.list_active_sessions()) if sessions else 1


def theme() -> str:
    """ "light" or "dark", as the browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"
