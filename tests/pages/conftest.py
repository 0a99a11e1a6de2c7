"""A Lab whose runs follow a script, and pages opened on it without a browser."""

import json
from dataclasses import asdict
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.datasets.validation import validation_part
from core.network import model
from core.recipe import Recipe
from core.runs.epoch import Epoch
from core.runs.paths import weights_path
from core.store import Store, starter
from core.system import files, paths
from core.training.studio import Studio
from tests.fakes import SOON_S, ScriptedRejections, ScriptedTrainer
from tests.pages.states import SMALL
from ui.frame import PAGES
from ui.session import Lab

ROOT = Path(__file__).parents[2]
FOUR_AS_NINE, EIGHT_AS_ONE = 5, 2  # the errors that every scripted epoch makes
ME = {"person": "#" + 32 * "0"}  # whose drawings are shown to somebody without a name
PATHS = {page.title: page.path for page in PAGES}


@pytest.fixture(scope="session")
def probabilities():
    """(360, 10) answers for the built-in digits' validation part, right but for a few fours and eights."""
    labels = validation_part(Recipe()).labels
    predicted = labels.copy()
    predicted[np.flatnonzero(labels == 4)[:FOUR_AS_NINE]] = 9
    predicted[np.flatnonzero(labels == 8)[:EIGHT_AS_ONE]] = 1
    return np.full((len(labels), 10), 0.01, np.float32) + 0.9 * np.eye(10, dtype=np.float32)[predicted]


@pytest.fixture(scope="session")
def perfect():
    """(360, 10) answers for the same images, all of them right."""
    return np.full((360, 10), 0.01, np.float32) + 0.9 * np.eye(10, dtype=np.float32)[validation_part(Recipe()).labels]


@pytest.fixture
def trainer(probabilities):
    return ScriptedTrainer(probabilities=probabilities)


@pytest.fixture
def rejections():
    """What rejects drawings: nothing is measured, and nothing rejected, unless a test says otherwise."""
    return ScriptedRejections()


@pytest.fixture
def lab(data_dir, trainer, monkeypatch, rejections):
    """The Lab that every page gets: a data folder of its own, a scripted trainer, no starter network, nothing warmed up."""
    monkeypatch.setattr(starter, "FOLDER", data_dir / "starter")
    st.cache_data.clear()
    st.cache_resource.clear()
    store = Store(data_dir)
    made = Lab.of(store, Studio(store, trainer), rejections=rejections)
    monkeypatch.setattr("ui.frame.lab", lambda: made)
    monkeypatch.setattr("ui.browser.people.kept_name", lambda: "")  # AppTest has no cookies
    monkeypatch.setattr("ui.browser.people.kept_number", lambda: ME["person"][1:])
    yield made
    assert made.close(SOON_S)


@pytest.fixture
def open_page(lab):
    """Opens a page by its title, with the query of a link in keywords; as another page of a `visit`, in the same session."""

    def open_page(title, *, visit=None, **query):
        visit = visit or AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        visit.query_params.update(query)
        visit.switch_page(PATHS[title])
        visit._run()  # run() would send the widgets of the page that is left, which no browser does
        assert not visit.exception, visit.exception[0].stack_trace
        return visit

    return open_page


@pytest.fixture
def draw_on_canvas(open_page, monkeypatch):
    """Puts a picture on the canvas, which AppTest has no pen for. Gives the options of each canvas that was asked for."""
    open_page("Draw")  # the canvas can be imported on a page only
    asked, serial = [], count()

    def draw_on_canvas(image, num_strokes=1):
        strokes = [{"stroke": n} for n in range(num_strokes)]
        drawn = SimpleNamespace(image_data=image, json_data={"objects": strokes, "serial": next(serial)})

        def canvas(**options):
            asked.append(options)
            # As Streamlit does, and forgets it where the canvas is not drawn.
            st.session_state[options["key"]] = {"drawing": {"raw": drawn.json_data, "data": None}}
            return drawn

        monkeypatch.setattr("ui.canvas.canvas.st_canvas", canvas)
        return asked

    return draw_on_canvas


@pytest.fixture
def trained_starter(lab, monkeypatch):
    """The starter network that comes with the project."""
    monkeypatch.setattr(starter, "FOLDER", paths.ROOT / "data" / "starter")


@pytest.fixture
def there(lab):
    """A starter network, untrained."""
    starter.FOLDER.mkdir()
    epoch = Epoch(7, 0.1, 0.98, 0.05, 0.99, 0.001, 9.0, 1000.0)
    figures = {"recipe": asdict(SMALL), "epochs": [asdict(epoch)], "steps": 7, "num_validation": 12_000, "versions": {}}
    files.save_arrays(starter.FOLDER / "curve.npz", curve=np.array([[step, 1 / step, 0.9] for step in range(1, 8)], np.float32))
    (starter.FOLDER / "figures.json").write_text(json.dumps(figures))
    model.save_weights(model.build(SMALL).get_weights(), weights_path(starter.FOLDER, 7))
