"""The report on a data set: what is wrong with it, in a sentence each, with the images that it is about. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.datasets import Dataset
from core.datasets.checks import DatasetReport
from core.evaluation.closer_look import UNKNOWN, CloserLook

# What is looked for at once, and what a closer look finds: kind -> what it is called where there is none.
AT_ONCE = {
    "conflicts": "conflicting labels",
    "copies": "exact copies",
    "blank": "blank images",
    "cut": "images cut at the border",
    "rare": "rare digits",
}
CLOSER = {
    "labels": "labels that look wrong",
    "test": "copies of MNIST's test images",
    "near": "near-copies",
    "outliers": "outliers",
}
ACROSS = {"across": "copies across the split"}
KINDS = {
    name: (CLOSER | ACROSS | AT_ONCE)[name]
    for name in ("labels", "conflicts", "test", "across", "copies", "near", "blank", "cut", "outliers", "rare")
}


@dataclass(frozen=True, eq=False)
class Finding:
    """`rows` (k, m) of the data set in the order in which they are best looked at: single images, or pairs that belong together.

    `sentence` is short, with the count; `meaning` says what it does to a training. `read` (k,) are the digits that the starter
    network reads, `theirs` (k,) rows of MNIST's test images; None where the finding is not about that.
    """

    kind: str
    sentence: str
    meaning: str
    rows: np.ndarray
    read: np.ndarray | None = None
    theirs: np.ndarray | None = None


def findings(
    dataset: Dataset, report: DatasetReport, look: CloserLook | None, validation_rows: np.ndarray | None
) -> list[Finding]:
    """What was found in the data set, in the order of KINDS; nothing of a kind of which there is none.

    Without a closer `look` only what is found at once; without `validation_rows`, nothing about the split.
    """
    pairs = report.duplicates if look is None else np.concatenate([report.duplicates, look.near])
    found = [_conflicts(report), _copies(report), _blank(report), _cut(report), _rare(dataset, report)]
    if validation_rows is not None:
        found.append(_across(len(dataset), pairs, validation_rows))
    if look is not None:
        found += [_labels(look), _test(look), _near(look), _outliers(look)]
    order = list(KINDS)
    return sorted((each for each in found if len(each.rows)), key=lambda each: order.index(each.kind))


def not_found(found: list[Finding], look: CloserLook | None) -> list[str]:
    """What was looked for and is not there, in the words of KINDS."""
    there = {each.kind for each in found}
    looked = dict(AT_ONCE)
    if look is not None:
        looked |= ACROSS | {"near": CLOSER["near"]}
        looked |= {"test": CLOSER["test"]} if look.knows_test else {}
        looked |= {kind: CLOSER[kind] for kind in ("labels", "outliers")} if look.judged else {}
    return [words for kind, words in KINDS.items() if kind in looked and kind not in there]


def not_judged(look: CloserLook) -> str:
    """Why a closer look could not tell everything, in a sentence or two; empty where it could."""
    reasons = []
    if not look.knows_test:
        reasons.append("Copies of MNIST's test images are found once MNIST is at hand.")
    if np.isnan(look.agreement):
        reasons.append("Without the starter network, no label is judged.")
    elif not look.judged:
        reasons.append(
            f"The starter network reads only {look.agreement:.0%} of the images as they are labelled, so it does not know such "
            "images and judges neither labels nor outliers."
        )
    return " ".join(reasons)


def _labels(look: CloserLook) -> Finding:
    count = len(look.suspects)
    learned = {
        0: "It has learned from none of these images.",
        UNKNOWN: "Whether it has learned from some of these images cannot be told without MNIST.",
    }.get(
        look.num_learned,
        f"It has learned from {look.num_learned:,} of these images: of those it is no independent judge.",
    )
    return Finding(
        "labels",
        f"{count:,} label{'s look' if count != 1 else ' looks'} wrong",
        f"The starter network reads another digit; it agrees with {look.agreement:.1%} of all labels. {learned} Evaluate judges "
        "labels more strictly, by networks that never saw the image.",
        look.suspects[:, :1],
        read=look.suspects[:, 1],
    )


def _conflicts(report: DatasetReport) -> Finding:
    count = len(np.unique(report.conflicting[:, 1]))
    return Finding(
        "conflicts",
        f"{count:,} picture{'s have' if count != 1 else ' has'} more than one label",
        "The same picture, pixel for pixel, occurs with more than one label, and only one can be right.",
        report.conflicting[:, ::-1],
    )


def _copies(report: DatasetReport) -> Finding:
    count = len(report.duplicates)
    return Finding(
        "copies",
        f"{count:,} image{'s repeat' if count != 1 else ' repeats'} an earlier one exactly",
        "Each is shown after the first image that it repeats. A copy counts twice in training and in a score.",
        report.duplicates[:, ::-1],
    )


def _near(look: CloserLook) -> Finding:
    count = len(look.near)
    return Finding(
        "near",
        f"{count:,} image{'s are' if count != 1 else ' is'} nearly equal to an earlier one",
        "Each is shown after the earlier image. It may be the same picture, moved, brighter or encoded anew; two plain ones of "
        "different writers can be as alike.",
        look.near[:, ::-1],
    )


def _test(look: CloserLook) -> Finding:
    count, exact = len(look.test), look.num_exact
    if exact:
        sentence = (
            f"{count:,} images are copies of MNIST test images" if count != 1 else "1 image is a copy of an MNIST test image"
        )
        sentence += f", {exact:,} of them exact" * (exact < count)
    else:
        sentence = f"{count:,} image{'s are' if count != 1 else ' is'} nearly equal to MNIST test images"
    return Finding(
        "test",
        sentence,
        "Each is shown beside the test image. A network that learns from a copy has seen the test. Two plain ones of different "
        "writers can be nearly equal.",
        look.test[:, :1],
        theirs=look.test[:, 1],
    )


def _blank(report: DatasetReport) -> Finding:
    count = len(report.blank)
    return Finding(
        "blank",
        f"{count:,} image{'s are' if count != 1 else ' is'} blank",
        "They show one value all over, or nearly so: nothing can be learned from them.",
        report.blank[:, None],
    )


def _cut(report: DatasetReport) -> Finding:
    count = len(report.cut)
    return Finding(
        "cut",
        f"{count:,} image{'s look' if count != 1 else ' looks'} cut at the border",
        "Ink lies on the border as if the stroke went on beyond it. Digits are expected whole, with a margin.",
        report.cut[:, None],
    )


def _outliers(look: CloserLook) -> Finding:
    count = len(look.outliers)
    return Finding(
        "outliers",
        f"{count:,} image{'s are' if count != 1 else ' is'} unlike all others",
        "The farthest first, by the starter network's features. Odd digits are among them, and what is no digit at all.",
        look.outliers[:, None],
    )


def _rare(dataset: Dataset, report: DatasetReport) -> Finding:
    rare = report.rare
    sentence = f"{len(rare)} digits have far too few images"
    if len(rare) == 1:
        count = report.counts[rare[0]]
        sentence = f"The digit {rare[0]} has only {count:,} image{'s' * (count != 1)}"
    return Finding(
        "rare",
        sentence,
        f"An even share would be {report.rows // 10:,}. Expect {', '.join(map(str, rare))} to be read badly.",
        np.flatnonzero(np.isin(dataset.labels, rare))[:, None],
    )


def _across(num_images: int, pairs: np.ndarray, validation_rows: np.ndarray) -> Finding:
    rows = _across_rows(num_images, pairs, validation_rows)
    count = len(rows)
    return Finding(
        "across",
        f"{count:,} validation image{'s have' if count != 1 else ' has'} a copy in the training part",
        "Exact or nearly equal, by the split of the recipe. Each is shown after the training image: a score on it is remembered, "
        "not read.",
        rows,
    )


def _across_rows(num_images: int, pairs: np.ndarray, validation_rows: np.ndarray) -> np.ndarray:
    """(k, 2): a training image and a validation image that copies tie together, one for each such validation image."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ties = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(num_images, num_images))
    num_groups, group = connected_components(ties, directed=False)
    train = np.setdiff1d(np.arange(num_images), validation_rows)
    first = np.full(num_groups, -1)
    first[group[train[::-1]]] = train[::-1]  # the last to be written stays: the first row
    tied = validation_rows[first[group[validation_rows]] >= 0]
    tied = np.sort(tied)
    return np.column_stack([first[group[tied]], tied])
