from dataclasses import replace

import numpy as np
import pytest

from core.drawing.labelled import MIN_DRAWINGS, NOT_A_DIGIT, NOT_MINE, digest_of
from core.errors import DrawingError
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.store import Store
from core.store.drawings import Imported
from core.system import files


def image(number):
    """A (28, 28) uint8 picture that is different for each number."""
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 12:16] = 255
    picture[0, 0], picture[0, 1] = number % 256, number // 256
    return picture


def test_a_drawing_comes_back_with_its_digit_after_the_process_is_gone(tmp_path):
    first = Store(tmp_path)
    first.drawings.add(image(1), 7, predicted=1, run_id="r", picture=b"png", strokes="[]")
    first.close()
    second = Store(tmp_path)
    hand, (drawing,) = second.drawings.hand(), second.drawings.all()
    second.close()
    np.testing.assert_array_equal(hand.images, image(1)[None])
    assert hand.digits.tolist() == [7]
    assert (drawing.digit, drawing.predicted, drawing.run_id, drawing.picture) == (7, 1, "r", b"png")


def test_the_same_drawing_told_again_only_changes_its_digit(store):
    first = store.drawings.add(image(1), 7)
    again = store.drawings.add(image(1) / np.float32(255), 1)
    assert (first.before, again.before, again.drawing_id) == (None, 7, first.drawing_id)
    assert store.drawings.hand().digits.tolist() == [1] and store.drawings.label_of(image(1)) == 1


def test_what_was_deleted_comes_back_whole_in_its_old_place(store):
    for number in range(3):
        store.drawings.add(image(number), number, strokes=f"[{number}]")
    before = store.drawings.all()
    row = store.drawings.delete(before[1].drawing_id)
    assert store.drawings.hand().digits.tolist() == [0, 2]
    store.drawings.restore(row)
    store.drawings.restore(row)
    assert store.drawings.all() == before and row["strokes"] == "[1]"
    assert store.drawings.delete(99) is None


def test_a_change_by_another_process_is_seen(tmp_path, store):
    store.drawings.add(image(1), 7)
    assert store.drawings.hand() is store.drawings.hand()
    other = Store(tmp_path)
    other.drawings.relabel(1, 4)
    other.close()
    assert store.drawings.hand().digits.tolist() == [4]


def test_what_is_here_already_is_not_taken_in_twice_and_keeps_its_digit(store):
    store.drawings.add(image(1), 7)
    images = np.stack([image(1), image(2), image(2), image(3)])
    done = store.drawings.add_many(images, np.array([9, 2, 2, 3], np.uint8))
    assert done == Imported(new=(digest_of(image(2)), digest_of(image(3))), num_known=2, num_other_label=1)
    assert store.drawings.hand().digits.tolist() == [7, 2, 3]
    store.drawings.add(image(2), 2, person="Ada")
    store.drawings.delete_many(done.new)
    assert store.drawings.hand().digits.tolist() == [7] and store.drawings.hand(person="Ada").digits.tolist() == [2]


def test_a_row_without_ink_is_told_and_nothing_of_the_file_is_taken_in(store):
    store.drawings.add(image(1), 7)
    with pytest.raises(DrawingError, match="Drawing 2 has no ink"):
        store.drawings.add_many(np.stack([image(2), np.zeros((28, 28), np.uint8)]), np.array([2, 3], np.uint8))
    assert store.drawings.hand().digits.tolist() == [7]


def test_what_was_deleted_comes_back_though_another_was_drawn_since(store):
    row = store.drawings.delete(store.drawings.add(image(1), 7).drawing_id)
    store.drawings.add(image(2), 8)
    store.drawings.restore(row)
    assert store.drawings.hand().digits.tolist() == [7, 8]


def test_persons_do_not_see_each_others_drawings(store):
    store.drawings.add(image(1), 7, person="Ada")
    store.drawings.add(image(1), 1, person="Bob")
    assert store.drawings.hand(person="Ada").digits.tolist() == [7] and store.drawings.label_of(image(1), person="Bob") == 1
    assert not store.drawings.all()


def test_a_run_is_scored_on_enough_drawings_that_it_has_not_learned_from_and_keeps_to_them(store):
    run = store.runs.create(Recipe(), "mine")
    for number in range(MIN_DRAWINGS):
        store.drawings.add(image(number), 0)
    assert len(store.drawings.hand_to_score(run)) == MIN_DRAWINGS
    store.drawings.add(image(MIN_DRAWINGS), 0)
    first = store.drawings.hand_to_score(replace(run, num_hand=MIN_DRAWINGS))
    assert (
        first.digests == store.drawings.hand().digests[:MIN_DRAWINGS]
        and len(store.drawings.hand_to_score(run)) == MIN_DRAWINGS + 1
    )
    store.learned_drawings.add(run.run_id, store.drawings.hand().digests[:2])
    assert store.drawings.hand_to_score(run) is None


def test_a_branch_has_learned_from_what_its_parent_has(store):
    parent = store.runs.create(Recipe(), "mine")
    files.save_arrays(weights_path(store.runs.folder(parent.run_id), 1), w=np.zeros(1))
    store.learned_drawings.add(parent.run_id, ["a", "b"])
    assert store.learned_drawings.of(store.runs.create(Recipe(), "mine", parent=(parent.run_id, 1)).run_id) == {"a", "b"}
    assert not store.learned_drawings.of(store.runs.create(Recipe(), "mine", parent=(parent.run_id, 0)).run_id)


@pytest.mark.parametrize(
    ("picture", "digit"), [(np.zeros((28, 28)), 1), (np.ones((9, 9)), 1), (np.ones((28, 28)), 10), (np.ones((28, 28)), "x")]
)
def test_what_is_no_labelled_drawing_is_refused(store, picture, digit):
    with pytest.raises(DrawingError):
        store.drawings.add(picture, digit)
    assert not store.drawings.all()


def test_drawings_are_handed_over_but_for_those_that_the_other_has(store):
    for number in range(3):
        store.drawings.add(image(number), number, person="#a")
    store.drawings.add(image(1), 9, person="Ana")
    assert store.drawings.hand_over("#a", "Ana") == 2
    assert store.drawings.count(person="#a") == 0 and store.drawings.count(person="Ana") == 3
    assert store.drawings.label_of(image(1), person="Ana") == 9
    assert store.drawings.hand_over("Ana", "Ana") == 0 and store.drawings.count(person="Ana") == 3


def test_a_run_without_a_person_is_scored_on_the_drawings_of_its_browser(store):
    for number in range(MIN_DRAWINGS):
        store.drawings.add(image(number), number % 10, person="#a")
    run = store.runs.create(Recipe(), "mine", hand_of="#a")
    assert len(store.drawings.hand_to_score(store.runs.load(run.run_id))) == MIN_DRAWINGS
    assert store.drawings.hand_to_score(store.runs.create(Recipe(), "mine", hand_of="#b")) is None


def test_what_is_no_digit_or_not_mine_is_kept_apart_from_the_hand(store):
    store.drawings.add(image(1), 7)
    for number, label in ((2, NOT_A_DIGIT), (3, NOT_MINE), (4, NOT_A_DIGIT)):
        store.drawings.add(image(number), label)
    assert store.drawings.hand().digits.tolist() == [7]
    assert [each.label for each in store.drawings.all()] == [7, NOT_A_DIGIT, NOT_MINE, NOT_A_DIGIT]
    assert list(store.drawings.aside(NOT_A_DIGIT)) == [digest_of(image(2)), digest_of(image(4))]
    np.testing.assert_array_equal(store.drawings.aside(NOT_MINE)[digest_of(image(3))], image(3))
    assert store.drawings.label_of(image(3)) == NOT_MINE and store.drawings.count(person="") == 4


def test_a_digit_becomes_no_digit_and_again_a_digit(store):
    kept = store.drawings.add(image(1), 7)
    assert store.drawings.add(image(1), NOT_MINE).before == 7 and not len(store.drawings.hand())
    store.drawings.relabel(kept.drawing_id, 7)
    assert store.drawings.hand().digits.tolist() == [7] and not store.drawings.aside(NOT_MINE)
    store.drawings.relabel(kept.drawing_id, NOT_A_DIGIT)
    row = store.drawings.delete(kept.drawing_id)
    store.drawings.restore(row)
    assert store.drawings.label_of(image(1)) == NOT_A_DIGIT


def test_a_file_does_not_make_digits_of_what_was_kept_aside(store):
    store.drawings.add(image(1), NOT_A_DIGIT)
    done = store.drawings.add_many(np.stack([image(1), image(2)]), np.array([1, 2], np.uint8))
    assert done == Imported(new=(digest_of(image(2)),), num_known=1, num_other_label=1)
    assert store.drawings.hand().digits.tolist() == [2]


def test_what_is_kept_aside_does_not_make_a_run_s_own_score(store):
    run = store.runs.create(Recipe(), "mine")
    for number in range(MIN_DRAWINGS):
        store.drawings.add(image(number), 0 if number else NOT_MINE)
    assert store.drawings.hand_to_score(run) is None
