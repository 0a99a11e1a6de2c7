import numpy as np
import plotly.graph_objects as go
from hypothesis import given
from hypothesis import strategies as st

from core import charts
from core.evaluation.error_budget import KINDS, error_budget, suspected_rows
from core.metrics import wilson

LABELS = np.array([0, 1, 2, 3, 4, 5])
PREDICTED = np.array([0, 7, 7, 7, 7, 5])


def rows(budget):
    return {kind.name: kind.rows.tolist() for kind in budget}


def test_each_misread_image_is_in_one_class_and_doubt_comes_before_disagreement():
    other = np.array([1, 1, 2, 7, 7, 5])
    suspected = np.array([True, True, False, False, False, False])
    budget = error_budget(LABELS, PREDICTED, suspected=suspected, others=[other])
    assert rows(budget) == dict(zip(KINDS, ([1], [2], [3, 4]), strict=True))
    assert budget[2].share == wilson(2, 4)


def test_alone_no_run_is_ambiguous():
    budget = error_budget(LABELS, PREDICTED, suspected=np.zeros(6, bool), others=[])
    assert [len(kind.rows) for kind in budget] == [0, 0, 4]


def test_a_perfect_run_has_nothing_to_budget():
    budget = error_budget(LABELS, LABELS, suspected=np.ones(6, bool), others=[PREDICTED])
    assert all(not len(kind.rows) and (kind.share.low, kind.share.high) == (0, 1) for kind in budget)
    assert go.Figure(charts.error_budget(budget)).layout.title.text == "All images were read right"


def test_a_verdict_outranks_the_suspicion():
    suspected = suspected_rows(6, suspects=np.array([1, 2]), faults=np.array([4]), fine=np.array([2]))
    assert np.flatnonzero(suspected).tolist() == [1, 4]


@given(st.integers(0, 2**16), st.integers(0, 300))
def test_the_parts_of_the_bar_lie_where_a_press_finds_them(seed, num_images):
    draw = np.random.default_rng(seed)
    labels, predicted, other = draw.integers(0, 3, (3, num_images))
    budget = error_budget(labels, predicted, suspected=draw.random(num_images) < 0.3, others=[other])
    assert sum(len(kind.rows) for kind in budget) == np.sum(labels != predicted)
    *_, places = charts.error_budget(budget)["data"]
    assert all(len(charts.kind_at(budget, place).rows) for place in places["x"])
    gaps = np.diff(places["x"], prepend=0)
    assert (gaps <= 0.011 * np.sum(labels != predicted)).all(), "a press between two markers would do nothing"


def test_the_title_says_which_kind_is_the_largest_and_the_others_step_back():
    budget = error_budget(LABELS, PREDICTED, suspected=np.zeros(6, bool), others=[])
    figure = go.Figure(charts.error_budget(budget, chosen="plainly wrong"))
    assert figure.layout.title.text == "Of 4 errors, 4 are plainly wrong"
    assert [bar.marker.color == charts.QUIET for bar in figure.data[:3]] == [True, True, False]
