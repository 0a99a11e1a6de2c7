"""Which images a run has met: of its own data, in what it was branched from, among the drawings that it was fine-tuned on."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from core import datasets
from core.datasets import uploads
from core.datasets.validation import validation_part
from core.drawing.labelled import digest_of
from core.evaluation import seen_images
from core.recipe import Recipe
from core.runs.epoch import Epoch
from core.store import CHOSEN, NEW, TRAINED, starter
from core.system import files
from tests.pages.states import SMALL
from tests.runs import trained


@pytest.fixture(scope="module")
def digits():
    return datasets.load("digits")


@pytest.fixture(autouse=True)
def no_starter(data_dir, monkeypatch):
    monkeypatch.setattr(starter, "FOLDER", data_dir / "starter")


@pytest.fixture
def there(no_starter):
    """A starter network that was trained on the built-in digits."""
    starter.FOLDER.mkdir()
    epoch = asdict(Epoch(7, 0.1, 0.98, 0.05, 0.99, 0.001, 9.0, 1000.0))
    figures = {"recipe": asdict(SMALL), "epochs": [epoch], "steps": 7, "num_validation": 360}
    (starter.FOLDER / starter.FIGURES).write_text(json.dumps(figures))
    files.save_arrays(starter.FOLDER / starter.CURVE, curve=np.ones((7, 3), np.float32))


def brought(images, name="mine"):
    return uploads.keep(images, np.zeros(len(images), np.uint8), filename=name)


def test_its_own_set_falls_into_training_and_validation(store, digits):
    run = trained(store)
    marks, validation = seen_images.marks(store, run, digits), validation_part(run.recipe).rows
    assert (marks[validation] == CHOSEN).all() and (np.delete(marks, validation) == TRAINED).all()


def test_copies_are_found_in_another_set_and_one_grey_level_makes_an_image_new(store, digits):
    run = trained(store)
    validation = validation_part(run.recipe).rows
    training = np.setdiff1d(np.arange(len(digits)), validation)
    changed = digits.images[training[:1]].copy()
    changed[0, 0, 0] += 1
    given = brought(np.concatenate([digits.images[training[5:8]], changed, digits.images[validation[:2]]]))
    assert seen_images.marks(store, run, given).tolist() == [TRAINED] * 3 + [NEW] + [CHOSEN] * 2


def test_a_row_that_was_left_out_is_new_but_not_to_a_branch(store, digits):
    row = int(np.setdiff1d(np.arange(len(digits)), validation_part(Recipe()).rows)[7])
    run = replace(trained(store), left_out=(row,))
    assert seen_images.marks(store, run, digits)[row] == NEW
    branch = replace(run, parent_id="0123456789ab", recipe=run.recipe)
    assert seen_images.marks(store, branch, digits) is None, "nobody knows whether the parent was the starter network"
    branch = replace(run, parent_id=trained(store).run_id)
    assert seen_images.marks(store, branch, digits)[row] == TRAINED, "its parent may have learned from it"


def test_an_image_that_a_run_on_some_did_not_learn_from_is_new_but_not_to_a_branch(store, digits):
    run = trained(store, recipe=Recipe(epochs=2, training_images=300))
    marks = seen_images.marks(store, run, digits)
    assert [(marks == each).sum() for each in (TRAINED, CHOSEN, NEW)] == [300, 360, 1137]
    branch = replace(run, parent_id=trained(store).run_id)
    assert (seen_images.marks(store, branch, digits) == TRAINED).sum() == 1437, "its parent may have learned from all of them"


def test_drawings_that_it_was_fine_tuned_on_are_seen(store, digits):
    run = trained(store)
    image = np.zeros((28, 28), np.uint8)
    image[4:20, 10:14] = 200
    given = brought(np.stack([image, image.T]))
    store.learned_drawings.add(run.run_id, [digest_of(image)])
    assert seen_images.marks(store, run, given).tolist() == [TRAINED, NEW]


def test_without_its_data_nobody_can_tell(store, digits):
    given = brought(digits.images[:40])
    run = trained(store, recipe=SMALL.changed(dataset=given.name))
    uploads.delete(given.name)
    assert seen_images.marks(store, run, digits) is None


def test_what_descends_from_the_starter_network_has_learned_from_its_data(store, digits, there):
    tuned = replace(trained(store), parent_id=starter.RUN_ID, recipe=SMALL.changed(split_seed=14))
    marks = seen_images.marks(store, tuned, digits)
    validation = validation_part(tuned.recipe).rows
    both = np.intersect1d(validation, validation_part(SMALL).rows)
    assert (marks[both] == CHOSEN).all() and (np.delete(marks, both) == TRAINED).all()
    assert (seen_images.marks(store, starter.network(), digits)[validation_part(SMALL).rows] == CHOSEN).all()
