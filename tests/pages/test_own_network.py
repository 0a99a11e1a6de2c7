"""A network of one's own making: its fields on Train, and a run of it on every page that asks its network."""

import time

import numpy as np
import pytest

from core.datasets.validation import validation_part
from core.recipe.presets import preset
from tests.drawn import stroke
from tests.fakes import SOON_S
from tests.pages.conftest import PATHS
from tests.pages.reading import PYTHON, plots, sliders, text, texts, turn
from tests.pages.states import SMALL, finished

CHANGES = {
    "training_images": 300,
    "kernel_size": 5,
    "extra_convolutions": 2,
    "activation": "gelu",
    "weight_decay": 0.01,
}
OWN = SMALL.changed(architecture="strided", dense_units=6, **CHANGES)
QUERY = {name: str(value) for name, value in CHANGES.items()}


@pytest.fixture
def train(open_page):
    page = open_page("Train", dataset="digits")
    for group in ("Data", "Network", "Learning"):
        page.session_state[f"open-{group}"] = True
    return page.run()


def test_train_shows_each_field_with_what_its_zero_means(train):
    shown = sliders(train)
    zeros = {
        "training_images": "2018 recipe: all.",
        "kernel_size": "2018 recipe: as designed.",
        "extra_convolutions": "2018 recipe: none.",
        "weight_decay": "2018 recipe: the optimiser's own.",
    }
    for name, words in zeros.items():
        assert shown[name]["value"] == 0 and shown[name]["help"].endswith(words)
    chosen = train.selectbox(key="activation")
    assert (chosen.label, chosen.value) == ("Activation", "relu")
    assert chosen.options[:3] == ["ReLU", "Leaky ReLU: negative values times 0.2", "ELU"]
    train.text_input(key="find-setting").set_value("L2").run()
    assert list(sliders(train)) == ["weight_decay"]


def test_start_trains_what_they_say(train, lab):
    turn(train, **CHANGES).run()
    train.button(key="start-train").click().run()
    assert not train.exception and not train.error
    started = lab.studio.current().recipe
    assert {name: getattr(started, name) for name in CHANGES} == CHANGES


def test_the_layers_and_steps_on_train_follow(open_page):
    page = open_page("Train", dataset="digits", preview="network", batch_norm="false", **QUERY)
    (table,) = [frame.value for frame in page.dataframe if "layer" in frame.value]
    titles = table["layer"].tolist()
    assert titles[:2] == ["Zero padding, 2 pixels along each axis", "Convolution 5 x 5, 32 filters, GELU"]
    assert titles.count("Convolution 5 x 5, 64 filters, GELU") == 5 and "Dense, 256 units, GELU" in titles
    assert "12 epochs of 3 steps, 128 images each." in texts(open_page("Train", dataset="digits", preview="rates", **QUERY))


def test_a_part_of_the_images_is_named_beside_the_preset_which_stays(open_page):
    page = open_page("Train", **preset("quick", "digits").changed(training_images=300).to_query())
    assert page.segmented_control(key="preset").value == "quick"
    assert page.button(key="chip-training_images").label == "training images 300"
    page.segmented_control(key="preset").set_value("tiny").run()
    assert page.session_state["training_images"] == 300
    assert "Learns from 300 of its images." in texts(open_page("Lab", visit=page))
    open_page("Train", visit=page)
    page.button(key="chip-training_images").click().run()
    assert page.session_state["training_images"] == 0 and page.segmented_control(key="preset").value == "tiny"


def test_more_images_than_a_batch_are_asked_for_and_mended(open_page, lab):
    page = open_page("Train", dataset="digits", training_images="100")
    assert "A batch of 128 is more than the 100 training images: the run could not start." in text(page)
    page.button(key="mend").click().run()
    assert page.session_state["batch_size"] <= 50


def test_the_lab_departs_from_the_same_preset_whatever_its_network(open_page):
    page = open_page("Lab", **preset("best", "digits").changed(**CHANGES, epochs=3).to_query())
    assert sliders(page)["epochs"]["usual"] == preset("best", "digits").epochs
    assert page.selectbox(key="preset").value == "mine" and sliders(page)["width"]["value"] == 1


@pytest.mark.parametrize("title", PATHS)
def test_a_run_of_it_is_on_every_page(open_page, lab, trainer, title):
    finished(lab, trainer, OWN)
    page = open_page(title)
    assert not page.error and not PYTHON.findall(text(page))


def test_runs_says_in_what_it_differs(open_page, lab, trainer):
    run = finished(lab, trainer, OWN)
    said = text(open_page("Runs", run=run.run_id))
    for words in ("300 training images", "kernels 5 x 5", "extra convolutions 2", "GELU", "weight decay 0.01"):
        assert words in said


def test_its_features_are_drawn_as_a_map_and_its_nearest_images_are_those_that_it_learned_from(open_page, lab, trainer):
    run = finished(lab, trainer, OWN)
    page = open_page("Evaluate", view="map")
    assert lab.features.wait((run.run_id, 3), SOON_S)
    page.run()
    assert not page.exception and any(alt.startswith("Map of the validation images") for alt in plots(page))
    part = validation_part(OWN)
    misread = part.rows[np.flatnonzero(part.labels == 4)[0]]
    page = open_page("Evaluate", view="mistakes", image=str(misread))
    for key in lab.features.pending():
        lab.features.wait(key, SOON_S)
    page.run()
    assert not page.exception and "all 300 training images" in text(page)


def test_each_of_its_epochs_reads_a_drawing(open_page, lab, trainer, draw_on_canvas):
    finished(lab, trainer, OWN)
    draw_on_canvas(stroke())
    page = open_page("Draw")
    page.session_state["epoch-history"] = page.session_state["why"] = True
    deadline = time.monotonic() + SOON_S
    while not any(alt.startswith("Ten bands") for alt in plots(page)) and time.monotonic() < deadline:
        page.run()  # as the waiting line does
    assert any(alt.startswith("Ten bands") for alt in plots(page)) and not page.exception
