"""The one way from a page to core's long-lived objects, and what a page knows of the browser."""

from __future__ import annotations

import math
import threading
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core import datasets
from core.constants import SIDE_PX
from core.datasets.download import Download
from core.datasets.validation import validation_part
from core.errors import DigitLabError
from core.evaluation.readings import Readings
from core.network.predictor import Predictor
from core.store import Store, starter
from core.system.background_jobs import Jobs
from core.system.files import remove_unfinished
from core.system.paths import data_dir
from core.training import speed
from core.training.closer_looks import CloserLooks
from core.training.label_search import LabelSearch
from core.training.limits import Limits
from core.training.range_tests import RangeTests
from core.training.studio import Studio
from core.warmup import warm_up
from ui import session_keys as keys
from ui.streamlit_internals import leave_keras_alone

# The first page goes out, its matrix with it, before TensorFlow's import takes the interpreter.
_WARM_UP_DELAY_S = 3.0

leave_keras_alone()


def _lane(name: str, num_kept: int = 4, alone_s: float = math.inf) -> Any:
    return field(default_factory=partial(Jobs, f"digitlab-{name}", num_kept=num_kept, alone_s=alone_s))


@dataclass(frozen=True)
class Lab:
    """What one server process owns. A lane is one background thread and its last results."""

    store: Store
    studio: Studio
    predictor: Predictor
    readings: Readings
    history_predictor: Predictor  # of the histories: it loads one epoch after another, so no drawing waits for it
    label_search: LabelSearch
    closer_looks: CloserLooks
    range_tests: RangeTests
    download: Download
    features: Jobs[Any] = _lane("features")  # of images, for the map and the nearest images
    maps: Jobs[Any] = _lane("maps", 8)  # t-SNE, which takes longer than features
    rejections: Jobs[Any] = _lane("rejections", 16)  # each network's threshold for non-digits
    histories: Jobs[Any] = _lane("histories", 32)  # drawings read by every epoch of a run
    hand: Jobs[Any] = _lane("hand", 16)  # a person's drawings, read by a network
    fine_tuning: Jobs[Any] = _lane("learning")
    test_set: Jobs[Any] = _lane("test-set")  # openings of MNIST's test images
    kaggle: Jobs[Any] = _lane("kaggle", 8)  # answers for a test.csv
    sets: Jobs[Any] = _lane("sets", 16)  # runs scored on whole data sets
    # Uploads, being read. Who leaves the page has it ended; a browser lets a hidden window look once a minute.
    files: Jobs[Any] = _lane("files", alone_s=90.0)

    @classmethod
    def of(cls, store: Store, studio: Studio, **lanes: Any) -> Lab:
        """A Lab for the record and the queue; `lanes` replaces some of its lanes."""
        predictor = Predictor(store)
        histories = Predictor(store, num_models=1)
        searches = LabelSearch(studio), CloserLooks(studio, predictor), RangeTests(studio)
        return cls(store, studio, predictor, Readings(predictor), histories, *searches, Download(), **lanes)

    def close(self, timeout_s: float = 10.0) -> bool:
        """Ends the background work and the training, and closes the database; False where a thread did not end in time."""
        lanes = (getattr(self, each.name) for each in fields(self))
        ended = [
            lane.close(timeout_s) for lane in lanes if isinstance(lane, Jobs | LabelSearch | CloserLooks | RangeTests | Download)
        ]
        ended.append(self.studio.close(timeout_s))
        self.store.close()
        return all(ended)


def _release(made: Lab) -> None:
    """Streamlit's cache was cleared, and the next page makes another Lab: two of them may not train on one record."""
    made.close()


@st.cache_resource(show_spinner=False, on_release=_release)
def lab() -> Lab:
    """The process's one Lab, made at the first page's first run."""
    store = Store(data_dir())
    made = Lab.of(store, Studio(store, limits=Limits.from_environment()))
    timer = threading.Timer(_WARM_UP_DELAY_S, _warm_up, args=(made,))
    timer.daemon = True
    timer.start()
    return made


def _warm_up(made: Lab) -> None:
    import streamlit_drawable_canvas  # noqa: F401  # settled with the rest

    warm_up()
    with suppress(DigitLabError):  # whoever asks for a record, weights or data that are gone gets the error
        if made.studio.current() is None:  # beside a training it would measure the wrong thing; the next start does it
            speed.measure(made.store)
        best = made.studio.best(datasets.first())
        answers = best or starter.network()
        if answers:
            made.predictor.probabilities(answers, np.zeros((1, SIDE_PX, SIDE_PX), np.float32))
        if best:
            validation_part(best.recipe)
    remove_unfinished(data_dir())
    import cleanlab.filter  # noqa: F401  # last, as only the label faults need it


def at_the_server() -> bool:
    """Whether the browser runs on the server's own computer; one that comes through a proxy does not."""
    return st.context.ip_address is None and not any(name in st.context.headers for name in ("X-Forwarded-For", "Forwarded"))


def visit() -> int:
    """Counts the changes of page: what the browser sets up on another visit is new to it."""
    return int(st.session_state.get(keys.VISIT, 0))


FIRST_VISITS = 2  # pages that bring what the browser keeps from then on: the second one should the first be left at once


def begin_visit() -> None:
    """Another page is opened."""
    st.session_state[keys.VISIT] = visit() + 1


def theme() -> str:
    """ "light" or "dark", as the browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"
