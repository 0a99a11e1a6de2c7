import math
from dataclasses import replace

import numpy as np
import pytest

from core import datasets
from core.datasets import Dataset, checks
from core.evaluation.closer_look import UNKNOWN, CloserLook
from core.evaluation.data_report import KINDS, findings, not_found, not_judged

NOTHING = CloserLook(
    near=np.zeros((0, 2), int),
    test=np.zeros((0, 2), int),
    num_exact=0,
    knows_test=True,
    outliers=np.zeros(0, int),
    suspects=np.zeros((0, 2), int),
    agreement=0.97,
    num_learned=0,
)


@pytest.fixture
def faulty():
    """Forty digits: image 10 is 1 again, 11 is 2 again with another label, 12 is blank; the digit 9 occurs once."""
    digits = datasets.load("digits")
    rows = np.flatnonzero(digits.labels < 8)[:400]
    images, labels = digits.images[rows].copy(), digits.labels[rows].copy()
    images[10], labels[10] = images[1], labels[1]
    images[11], labels[11] = images[2], (labels[2] + 1) % 8
    images[12] = 0
    labels[13] = 9
    return Dataset("test", "Test", "", images, labels)


def kinds(found):
    return {each.kind: each.rows.tolist() for each in found}


def test_each_fault_is_told_with_its_images(faulty):
    found = findings(faulty, checks.report(faulty), None, np.array([2, 10]))
    assert kinds(found) == {
        "conflicts": [[2, 11]],
        "across": [[11, 2], [1, 10]],
        "copies": [[1, 10], [2, 11]],
        "blank": [[12]],
        "rare": [[13]],
    }
    assert [each.sentence for each in found] == [
        "1 picture has more than one label",
        "2 validation images have a copy in the training part",
        "2 images repeat an earlier one exactly",
        "1 image is blank",
        "The digit 9 has only 1 image",
    ]
    assert not_found(found, None) == ["images cut at the border"], "the rest was not looked for"


def test_a_closer_look_adds_what_it_found_and_ties_near_copies_across_the_split(faulty):
    look = replace(
        NOTHING,
        near=np.array([[30, 20], [31, 30]]),
        test=np.array([[5, 77]]),
        num_exact=1,
        outliers=np.array([8, 3]),
        suspects=np.array([[6, 4], [7, 1]]),
    )
    found = {each.kind: each for each in findings(faulty, checks.report(faulty), look, np.array([31]))}
    assert list(found) == [kind for kind in KINDS if kind != "cut"]
    assert found["across"].rows.tolist() == [[20, 31]], "by way of image 30"
    assert found["near"].rows.tolist() == [[20, 30], [30, 31]]
    assert found["test"].rows.tolist() == [[5]] and found["test"].theirs.tolist() == [77]
    assert found["outliers"].rows.tolist() == [[8], [3]]
    assert found["labels"].rows.tolist() == [[6], [7]] and found["labels"].read.tolist() == [4, 1]
    assert (
        found["labels"].sentence == "2 labels look wrong" and found["test"].sentence == "1 image is a copy of an MNIST test image"
    )


def test_a_clean_set_is_told_in_one_line():
    clean = datasets.load("digits")
    found = findings(clean, checks.report(clean), NOTHING, np.arange(300))
    assert found == [] and not_found(found, NOTHING) == list(KINDS.values())
    assert not_judged(NOTHING) == ""


@pytest.mark.parametrize(
    ("changed", "absent", "words"),
    [
        ({"agreement": math.nan}, {"labels", "outliers"}, "Without the starter network"),
        ({"agreement": 0.12}, {"labels", "outliers"}, "reads only 12% of the images"),
        ({"knows_test": False}, {"test"}, "once MNIST is at hand"),
    ],
)
def test_what_could_not_be_judged_is_not_called_absent(changed, absent, words):
    clean = datasets.load("digits")
    look = replace(NOTHING, **changed)
    told = not_found(findings(clean, checks.report(clean), look, None), look)
    assert set(KINDS.values()) - set(told) == {KINDS[kind] for kind in absent}
    assert words in not_judged(look)


@pytest.mark.parametrize(
    ("num_learned", "words"), [(0, "learned from none"), (48_000, "learned from 48,000 of these"), (UNKNOWN, "cannot be told")]
)
def test_who_judges_the_labels_is_told(faulty, num_learned, words):
    look = replace(NOTHING, suspects=np.array([[6, 4]]), num_learned=num_learned)
    meanings = [each.meaning for each in findings(faulty, checks.report(faulty), look, None) if each.kind == "labels"]
    assert words in meanings[0] and "agrees with 97.0% of all labels" in meanings[0]


@pytest.mark.parametrize(
    ("num", "num_exact", "sentence"),
    [
        (3, 3, "3 images are copies of MNIST test images"),
        (3, 1, "3 images are copies of MNIST test images, 1 of them exact"),
        (1, 0, "1 image is nearly equal to MNIST test images"),
    ],
)
def test_a_copy_of_a_test_image_is_called_exact_only_where_it_is(faulty, num, num_exact, sentence):
    look = replace(NOTHING, test=np.column_stack([np.arange(num), np.arange(num)]), num_exact=num_exact)
    assert sentence in [each.sentence for each in findings(faulty, checks.report(faulty), look, None)]
