import numpy as np
import pytest

from core.datasets import synthetic, validation
from core.datasets.synthetic import redrawn
from core.recipe import Recipe
from core.system import files


@pytest.fixture
def few(monkeypatch):
    """A handful of drawings instead of thousands."""
    monkeypatch.setattr(redrawn, "_NUM_FITTED", (20, 16))
    monkeypatch.setattr(redrawn, "_NUM_HELD_OUT", (10, 8))
    monkeypatch.setattr(redrawn, "_NUM_VALIDATION", 12)
    for each in (redrawn._validation, validation._validation_part):  # other tests have MNIST at hand
        each.cache_clear()
    yield
    redrawn._validation.cache_clear()


def test_a_redrawn_digit_is_still_that_digit_but_not_the_same_picture():
    images, _ = synthetic.drawn(30, 1)
    made = redrawn.redrawn(images, 1)
    assert made.shape == (30, 28, 28) and made.dtype == np.float32 and made.max() <= 1
    likeness = np.corrcoef(np.concatenate([made.reshape(30, -1), images.reshape(30, -1) / 255]))[:30, 30:]
    assert (np.diag(likeness) < 0.999).all()
    assert np.diag(likeness).mean() > likeness.mean() + 0.3


def test_the_same_seed_redraws_alike():
    images, _ = synthetic.drawn(3, 1)
    np.testing.assert_array_equal(redrawn.redrawn(images, 5), redrawn.redrawn(images, 5))


def test_an_empty_picture_and_no_picture_are_borne():
    assert redrawn.redrawn(np.zeros((1, 28, 28), np.uint8), 1).shape == (1, 28, 28)
    assert redrawn.redrawn(np.zeros((0, 28, 28), np.uint8), 1).shape == (0, 28, 28)


def test_drawings_are_kept_in_the_folder_and_made_anew_where_the_file_is_damaged(few, tmp_path):
    first = redrawn.to_fit_on(tmp_path)
    assert (len(first.digits), len(first.labels), len(first.others)) == (20, 20, 16)
    (path,) = tmp_path.iterdir()
    kept = files.load_arrays(path)
    path.write_bytes(b"no archive")
    redrawn._drawn.cache_clear()
    np.testing.assert_array_equal(redrawn.to_fit_on(tmp_path).digits, first.digits)
    np.testing.assert_array_equal(files.load_arrays(path)["others"], kept["others"])


def test_held_out_drawings_are_others_and_the_runs_own_validation_images_are_among_them(few, tmp_path):
    fitted, held_out = redrawn.to_fit_on(tmp_path), redrawn.held_out(Recipe(), tmp_path)
    assert len(held_out.digits) == len(held_out.labels) == 10 + 12
    assert not {each.tobytes() for each in fitted.digits} & {each.tobytes() for each in held_out.digits}
    assert not {each.tobytes() for each in fitted.others} & {each.tobytes() for each in held_out.others}


def test_a_network_whose_data_are_not_at_hand_is_held_to_the_drawn_ones(few, data_dir):
    assert len(redrawn.held_out(Recipe(dataset="mnist"), data_dir).digits) == 10
