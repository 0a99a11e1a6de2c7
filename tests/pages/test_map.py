"""The Map view of the Evaluate page."""

import threading

import numpy as np
import pytest

from core.datasets.validation import validation_part
from core.recipe import Recipe
from core.runs.paths import weights_path
from tests.fakes import SOON_S, until
from tests.pages.conftest import EIGHT_AS_ONE, FOUR_AS_NINE
from tests.pages.reading import plots, text
from tests.pages.states import finished, running

MAP = "Map of the validation images"
SUMMARY = "All 360 validation images, 7 of them wrong."


@pytest.fixture
def shown(open_page, lab, trainer):
    """The map of a run that has finished."""
    return opened(open_page, lab, finished(lab, trainer), epoch=3)


def opened(open_page, lab, run, epoch):
    page = open_page("Evaluate", view="map")
    assert lab.features.wait((run.run_id, epoch), SOON_S)
    page.run()
    assert not page.exception
    return page


def has_map(page):
    return any(alt.startswith(MAP) for alt in plots(page))


def listed(page, label):
    (found,) = [each for each in page.selectbox if each.label == label]
    return found


def headings(page):
    return [each.value for each in page.main.header]


def test_the_map_says_what_it_shows_and_the_misread_images_are_below(shown):
    assert has_map(shown) and SUMMARY in text(shown)
    assert headings(shown) == [f"7 images, {FOUR_AS_NINE + EIGHT_AS_ONE} of them wrong"]


def test_a_digits_images_can_be_opened_by_keyboard(shown):
    listed(shown, "Show").set_value("4").run()
    assert headings(shown) == [f"38 images, {FOUR_AS_NINE} of them wrong"]


def test_what_was_circled_is_shown_with_its_errors_first(shown, lab):
    run = lab.studio.newest()
    labels = validation_part(Recipe()).labels
    shown.session_state[f"map-circled-{run.run_id}"] = np.flatnonzero(labels == 4)[:8][::-1]
    shown.run()
    listed(shown, "Show").set_value("circled").run()
    assert headings(shown) == [f"8 images, {FOUR_AS_NINE} of them wrong"]
    looks = listed(shown, "Look closer at").options[1:]
    assert [look.startswith("4 read as 9, 91%") for look in looks] == [True] * FOUR_AS_NINE + [False] * 3


def test_a_closer_look_has_the_probabilities_and_the_nearest_training_images(shown, lab):
    run = lab.studio.newest()
    look = listed(shown, "Look closer at")
    row = np.flatnonzero(validation_part(Recipe()).labels == 8)[0]
    look.set_value(row).run()
    assert lab.features.wait(("training", run.run_id, 3), SOON_S).result
    shown.run()
    assert not shown.exception
    assert "8 read as 1, 91%" in headings(shown)
    assert any(alt.startswith("Ten bars") for alt in plots(shown))
    assert "of the 10 nearest show a" in text(shown) and "all 1,437 training images" in text(shown)


def test_tsne_takes_the_place_of_pca_when_it_is_there(shown, lab):
    run = lab.studio.newest()
    assert "These two directions" in text(shown)
    shown.segmented_control(key="map-method").set_value("t-SNE").run()
    assert has_map(shown)  # PCA's stays meanwhile
    assert lab.maps.wait((run.run_id, 3), 3 * SOON_S).result
    shown.run()
    assert has_map(shown) and "These two directions" not in text(shown)


def test_tsne_can_be_cancelled_and_asked_for_again(shown, lab):
    go, key = threading.Event(), (lab.studio.newest().run_id, 3)
    lab.maps.start("another's", lambda report: go.wait(SOON_S))
    shown.segmented_control(key="map-method").set_value("t-SNE").run()
    shown.button(key="cancel-digitlab-maps").click().run()
    assert lab.maps.look(key) is None and has_map(shown)
    shown.button(key="map-start").click().run()
    assert lab.maps.look(key)
    lab.maps.cancel(key)
    go.set()


def test_while_a_run_trains_tsne_waits_to_be_asked(open_page, lab, trainer):
    run = running(lab, trainer, num_steps=23)
    page = opened(open_page, lab, run, epoch=2)
    page.segmented_control(key="map-method").set_value("t-SNE").run()
    assert lab.maps.look((run.run_id, 2)) is None and has_map(page)
    page.button(key="map-start").click().run()
    assert lab.maps.look((run.run_id, 2))
    assert lab.maps.wait((run.run_id, 2), 3 * SOON_S).result
    page.run()
    assert has_map(page) and "These two directions" not in text(page)
    assert not [button for button in page.button if button.key == "map-start"]


def test_the_tsne_map_that_was_asked_for_stays_when_the_next_epoch_comes(open_page, lab, trainer):
    run = running(lab, trainer)
    page = opened(open_page, lab, run, epoch=1)
    page.segmented_control(key="map-method").set_value("t-SNE").run()
    page.button(key="map-start").click().run()
    trainer.step_allowed.release(10)
    until(lab.studio, lab.studio.snapshot(run.run_id), lambda run: run.step == 23)
    assert lab.maps.wait((run.run_id, 1), 3 * SOON_S).result
    page.run()
    assert lab.features.wait((run.run_id, 2), SOON_S)
    page.run()
    assert "Epoch 1. All 360 validation images" in text(page)
    assert page.button(key="map-start").label == "Make the t-SNE map of epoch 2"


def test_weights_that_are_gone_are_one_sentence(open_page, lab, trainer):
    run = finished(lab, trainer)
    weights_path(lab.store.runs.folder(run.run_id), 3).unlink()
    page = opened(open_page, lab, run, epoch=3)
    assert ["are gone" in warning.value for warning in page.warning] == [True]
    assert not has_map(page)
