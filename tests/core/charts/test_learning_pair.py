"""Loss and accuracy in one figure."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from core import charts
from tests.fakes import epoch_ended
from tests.runs import batch, folded, started


@pytest.fixture
def run():
    return folded(
        started(),
        *(batch(step, loss=1 / step) for step in range(1, 21)),
        epoch_ended("r", 1, val_accuracy=0.9),
        epoch_ended("r", 2, val_accuracy=0.8),
    )


def test_one_legend_names_what_is_in_both(run):
    figure = go.Figure(charts.learning_pair(run))  # Plotly's own class refuses a field or a value that it does not know
    assert [each.name for each in figure.data if each.showlegend] == ["training", "validation", "best epoch"]
    assert [each.yaxis for each in figure.data] == 3 * ["y"] + 3 * ["y2"]
    assert figure.layout.height is None


def test_the_best_epoch_is_starred_in_both(run):
    figure = go.Figure(charts.learning_pair(run))
    stars = [(each.yaxis, each.x[0], each.y[0]) for each in figure.data if each.name == "best epoch"]
    assert stars == [("y", 1, pytest.approx(0.3)), ("y2", 1, pytest.approx(0.9))]


def test_a_run_without_a_curve_is_a_dot_and_a_level_line_at_its_epoch(run):
    bare = replace(run, curve=np.zeros((0, 3), np.float32), epochs=run.epochs[:1], step=0, steps_per_epoch=0)
    figure = go.Figure(charts.learning_pair(bare, hint="Press Start."))
    assert [list(each.x) for each in figure.data if each.name == "best epoch"] == [[1], [1]]
    assert [(each.y0, each.yref) for each in figure.layout.shapes] == [(0.3, "y"), (0.9, "y2")]
    assert "Press Start." in [each.text for each in figure.layout.annotations]


def test_a_run_that_has_just_begun_has_axes(run):
    figure = go.Figure(charts.learning_pair(folded(started())))
    assert tuple(figure.layout.yaxis.range) == (0, 1) and tuple(figure.layout.yaxis2.range) == pytest.approx((0.89, 1.004))


def test_what_is_drawn_lies_within_the_axes(run):
    figure = go.Figure(charts.learning_pair(run))
    for axis, name in ((figure.layout.yaxis, "y"), (figure.layout.yaxis2, "y2")):
        for each in figure.data:
            if each.yaxis == name and each.name != "training":
                assert all(axis.range[0] <= value <= axis.range[1] for value in each.y)


def test_a_compact_matrix_is_as_tall_as_the_page_makes_it_and_its_squares_do_not_overlap():
    figure = go.Figure(charts.confusion(np.eye(10, dtype=int), "Counts", "dark", compact=True))
    assert figure.layout.height is None and figure.data[1].marker.size <= 22
