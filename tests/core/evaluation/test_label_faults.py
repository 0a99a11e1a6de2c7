import dataclasses

import numpy as np
import pytest
from cleanlab.filter import find_label_issues
from hypothesis import given, settings
from hypothesis import strategies as st

from core import datasets
from core.errors import DigitLabError
from core.evaluation import label_faults


def answers(seed, num_images=300, sure=0.6):
    """Random labels, and probabilities that lean towards them."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 10, num_images).astype(np.uint8)
    logits = draw.normal(size=(num_images, 10)) + 3 * sure * np.eye(10)[labels]
    probabilities = np.exp(logits)
    return labels, (probabilities / probabilities.sum(axis=1, keepdims=True)).astype(np.float32)


@given(seed=st.integers(0, 2**16), sure=st.floats(0, 1))
@settings(max_examples=15, deadline=None)
def test_suspects_are_cleanlabs_in_its_order(seed, sure):
    labels, probabilities = answers(seed, sure=sure)
    theirs = find_label_issues(
        labels.astype(int),
        probabilities.astype(float),
        filter_by="prune_by_class",
        n_jobs=1,
        return_indices_ranked_by="self_confidence",
    )
    assert label_faults.suspects(labels, probabilities).tolist() == theirs.tolist()


def test_one_wrong_label_among_sure_answers_comes_first():
    labels, _ = answers(1)
    probabilities = np.full((300, 10), 0.01, np.float32) + 0.9 * np.eye(10, dtype=np.float32)[labels]
    labels[7] = (labels[7] + 1) % 10
    assert label_faults.suspects(labels, probabilities).tolist() == [7]


def test_a_perfect_run_doubts_nothing():
    labels, _ = answers(2)
    assert label_faults.suspects(labels, np.eye(10, dtype=np.float32)[labels]).size == 0


def test_a_digit_that_is_absent_is_no_one_else_s_fault():
    labels, probabilities = answers(3)
    kept = labels != 4
    found = label_faults.suspects(labels[kept], probabilities[kept])
    assert set(found) < set(range(int(kept.sum())))


@pytest.mark.parametrize("labels", [[], [5, 5, 5]], ids=["no image", "one digit alone"])
def test_with_nothing_to_confuse_there_is_no_suspect(labels):
    labels = np.array(labels, np.uint8)
    assert label_faults.suspects(labels, np.full((len(labels), 10), 0.1, np.float32)).tolist() == []


def test_a_run_that_always_says_one_is_no_reason_to_doubt_every_label():
    labels, _ = answers(4)
    always = np.full((300, 10), 0.001, np.float32)
    always[:, 1] = 0.991
    assert len(label_faults.suspects(labels, always)) <= np.sum(labels != 1)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -0.5])
def test_what_is_no_probability_is_refused_with_a_sentence(bad):
    labels, probabilities = answers(5)
    probabilities[3, 2] = bad
    with pytest.raises(DigitLabError, match="The answers for 1 of 300 images are not probabilities"):
        label_faults.suspects(labels, probabilities)


def test_answers_for_other_images_are_refused():
    labels, probabilities = answers(6)
    with pytest.raises(DigitLabError, match=r"300 labels but answers of shape \(299, 10\)"):
        label_faults.suspects(labels, probabilities[:-1])


@pytest.mark.slow
def test_labels_swapped_on_purpose_are_found(monkeypatch):
    from core.training import cross_validation, learner
    from core.training.label_search import recipe_for

    monkeypatch.setattr(learner, "_CALL_S", 0.0)  # one step a call, so that what is told does not depend on the machine's pace
    clean = datasets.load("digits")
    labels, swapped = label_faults.swapped(clean.labels, share=0.03, seed=1)
    shares = []
    probabilities = cross_validation.out_of_sample(
        dataclasses.replace(clean, labels=labels), recipe_for(len(clean)), shares.append
    )
    found = label_faults.suspects(labels, probabilities)
    num_hits = int(np.isin(found, swapped).sum())
    assert num_hits >= 0.8 * len(swapped)
    assert len(found) - num_hits <= len(swapped)
    assert shares == sorted(shares) and 0.99 < shares[-1] < 1
