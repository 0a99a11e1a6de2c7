"""Files in the forms that people have them, with what is right; and the same digits in mixed forms, made anew."""

import io
import json
import os

import numpy as np
import pytest

from core.datasets import forms
from core.network.predictor import Predictor
from core.store import Store, starter
from tests.conftest import absent, cases
from tests.form_files import agrees, mixed

ASKED = {"floats-0-1.csv", "transposed.csv", "inverted.csv", "ten-for-zero.csv", "emnist-idx.zip"}
NOTED = {
    "index-column.csv": "a column that counts the rows was left out",
    "no-header.csv": "no header",
    "floats-0-1.csv": "values from 0 to 1",
    "transposed.csv": "images lie on their side",
    "emnist-idx.zip": "images lie on their side",
    "inverted.csv": "dark ink on bright paper",
    "ten-for-zero.csv": "labels from 1 on, 10 stands for 0",
}


def names():
    path = cases() / "cases.json"
    named = [each["file"] for each in json.loads(path.read_text())] if path.exists() else ["none"]
    return [name for name in named if not name.endswith((".jpg", ".png"))]


@pytest.fixture(scope="module")
def recognise(tmp_path_factory):
    """The starter network."""
    store = Store(tmp_path_factory.mktemp("record"))
    yield Predictor(store).reader(starter.network())
    store.close()


def look(files, recognise, title="digits"):
    return forms.look([(name, io.BytesIO(content)) for name, content in files], title, recognise, lambda share: None)


@pytest.mark.parametrize("name", names())
def test_a_case_is_read_right_or_asked_about_with_the_right_proposal(name, recognise):
    path = cases() / name
    if not path.exists():
        absent("needs files in people's forms: let DIGITLAB_CASES name their folder")
    found = look([(name, path.read_bytes())], recognise, name)
    images, labels = forms.take(found, found.proposed)
    with np.load(cases() / "expected.npz") as right:
        expected, digits = right["images"], right["labels"]
    if name == "png-folders.zip":  # in the order of path names
        order = np.lexsort((np.arange(len(digits)), digits))
        expected, digits = expected[order], digits[order]
    assert found.sure is (name not in ASKED)
    np.testing.assert_array_equal(labels, digits)
    assert np.abs(images.astype(int) - expected).max() <= (1 if name == "floats-0-1.csv" else 0)
    assert NOTED.get(name, "") in found.sentence


@pytest.fixture(scope="module")
def training_images():
    path = os.environ.get("DIGITLAB_MNIST")
    if not path:
        absent("needs MNIST: let DIGITLAB_MNIST name its file")
    with np.load(path) as arrays:
        return arrays["x_train"], arrays["y_train"]


@pytest.mark.parametrize("seed", range(40))
def test_no_mixed_form_is_taken_in_wrong(seed, recognise, training_images):
    random = np.random.default_rng([7, seed])
    rows = random.permutation(60_000)[:60]
    form = mixed(random, training_images[0][rows], training_images[1][rows])
    found = look(form.files, recognise)
    assert agrees(form, *forms.take(found, found.proposed)), form.what
    assert found.sure is form.plain, form.what
