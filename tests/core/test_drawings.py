import numpy as np
import pytest

from core.drawings import Imported
from core.errors import DrawingError
from core.store import Store


def image(number):
    """A (28, 28) uint8 picture that is different for each number."""
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 12:16] = 255
    picture[0, 0], picture[0, 1] = number % 256, number // 256
    return picture


def test_a_drawing_comes_back_with_its_digit_after_the_process_is_gone(tmp_path):
    first = Store(tmp_path)
    first.drawings.keep(image(1), 7, predicted=1, run_id="r", picture=b"png", strokes="[]")
    first.close()
    second = Store(tmp_path)
    hand, (drawing,) = second.drawings.hand(), second.drawings.listed()
    second.close()
    np.testing.assert_array_equal(hand.images, image(1)[None])
    assert hand.digits.tolist() == [7]
    assert (drawing.digit, drawing.predicted, drawing.run_id, drawing.picture) == (7, 1, "r", b"png")


def test_the_same_drawing_told_again_only_changes_its_digit(store):
    first = store.drawings.keep(image(1), 7)
    again = store.drawings.keep(image(1) / np.float32(255), 1)
    assert (first.before, again.before, again.drawing_id) == (None, 7, first.drawing_id)
    assert store.drawings.hand().digits.tolist() == [1] and store.drawings.find(image(1)) == 1


def test_what_was_deleted_comes_back_whole_in_its_old_place(store):
    for number in range(3):
        store.drawings.keep(image(number), number, strokes=f"[{number}]")
    before = store.drawings.listed()
    row = store.drawings.delete(before[1].drawing_id)
    assert store.drawings.hand().digits.tolist() == [0, 2]
    store.drawings.restore(row)
    store.drawings.restore(row)
    assert store.drawings.listed() == before and row["strokes"] == "[1]"
    assert store.drawings.delete(99) is None


def test_a_change_by_another_process_is_seen(tmp_path, store):
    store.drawings.keep(image(1), 7)
    assert store.drawings.hand() is store.drawings.hand()
    other = Store(tmp_path)
    other.drawings.relabel(1, 4)
    other.close()
    assert store.drawings.hand().digits.tolist() == [4]


def test_what_is_here_already_is_not_taken_in_twice_and_keeps_its_digit(store):
    store.drawings.keep(image(1), 7)
    images = np.stack([image(1), image(2), image(2), image(3)])
    done = store.drawings.add(images, np.array([9, 2, 2, 3], np.uint8))
    assert done == Imported(num_new=2, num_known=2, num_called_otherwise=1)
    assert store.drawings.hand().digits.tolist() == [7, 2, 3]


def test_a_row_without_ink_is_told_and_nothing_of_the_file_is_taken_in(store):
    store.drawings.keep(image(1), 7)
    with pytest.raises(DrawingError, match="Drawing 2 has no ink"):
        store.drawings.add(np.stack([image(2), np.zeros((28, 28), np.uint8)]), np.array([2, 3], np.uint8))
    assert store.drawings.hand().digits.tolist() == [7]


@pytest.mark.parametrize(("picture", "digit"), [(np.zeros((28, 28)), 1), (np.ones((9, 9)), 1), (np.ones((28, 28)), 10)])
def test_what_is_no_labelled_drawing_is_refused(store, picture, digit):
    with pytest.raises(DrawingError):
        store.drawings.keep(picture, digit)
    assert not store.drawings.listed()
