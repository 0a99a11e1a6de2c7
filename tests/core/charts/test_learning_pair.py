"""Loss and accuracy in one figure. Plotly's own class, go.Figure, refuses a field or a value that it does not know."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from core import charts
from core.runs.events import RunEnded
from core.runs.snapshot import fold
from tests.fakes import epoch_ended
from tests.runs import bare, batch, folded, started


@pytest.fixture
def run():
    return folded(
        started(),
        *(batch(step, loss=1 / step) for step in range(1, 21)),
        epoch_ended("r", 1, val_accuracy=0.9),
        epoch_ended("r", 2, val_accuracy=0.8),
    )


def accuracy(figure, name):
    return next(each for each in figure.data if each.name == name and each.yaxis == "y2")


def trace(figure, name):
    return next(each for each in figure.data if each.name.startswith(name))


def test_batches_and_validation_share_the_epoch_axis_and_the_best_is_starred(run):
    figure = go.Figure(charts.learning_pair(run, full=True))
    assert accuracy(figure, "each batch").x[-1] == pytest.approx(2.0)
    assert list(accuracy(figure, "validation").x) == [1, 2]
    star = accuracy(figure, "best epoch")
    assert (star.x[0], star.y[0]) == (1, pytest.approx(0.9))


def test_on_a_log_axis_accuracy_is_drawn_as_error(run):
    figure = go.Figure(charts.learning_pair(run, log=True))
    assert figure.layout.yaxis.type == figure.layout.yaxis2.type == "log"
    assert list(accuracy(figure, "validation").y) == pytest.approx([0.1, 0.2])


def test_my_hand_is_a_second_curve_where_the_run_was_scored_on_it(run):
    assert not [each for each in go.Figure(charts.learning_pair(run, full=True)).data if "hand" in each.name]
    scored = folded(started(), batch(10), epoch_ended("r", 1, hand_accuracy=0.1), epoch_ended("r", 2, hand_accuracy=0.4))
    figure = go.Figure(charts.learning_pair(replace(scored, num_hand=25, step=20), full=True))
    hand = trace(figure, "your hand, 25 drawings")
    assert (list(hand.x), list(hand.y)) == ([1, 2], [0.1, 0.4])
    assert figure.layout.yaxis2.range[0] < 0.4, "the curve lies below the window"
    assert list(trace(go.Figure(charts.learning_pair(scored, full=True, log=True)), "your hand").y) == pytest.approx([0.9, 0.6])


def test_a_redraw_is_the_same_figure_and_zoom_outlives_new_points(run):
    first, again = (go.Figure(charts.learning_pair(run)) for _ in range(2))
    assert first == again
    later = go.Figure(charts.learning_pair(fold(run, batch(21))))
    assert first.layout.uirevision == later.layout.uirevision


@pytest.mark.parametrize("happened", [[], [started()], [started(), batch(1), bare(RunEnded, stopped=True)]])
def test_a_run_without_epochs_draws_too(happened):
    assert go.Figure(charts.learning_pair(folded(*happened), full=True)).layout.yaxis2.range[1] >= 1


def test_one_legend_names_what_is_in_both(run):
    figure = go.Figure(charts.learning_pair(run))
    assert [each.name for each in figure.data if each.showlegend] == ["training", "validation", "best epoch"]
    assert [each.yaxis for each in figure.data] == 3 * ["y"] + 3 * ["y2"]
    assert figure.layout.height is None


def test_the_best_epoch_is_starred_in_both(run):
    figure = go.Figure(charts.learning_pair(run))
    stars = [(each.yaxis, each.x[0], each.y[0]) for each in figure.data if each.name == "best epoch"]
    assert stars == [("y", 1, pytest.approx(0.3)), ("y2", 1, pytest.approx(0.9))]


def test_an_example_has_its_curves_without_a_star_and_says_what_to_do(run):
    figure = go.Figure(charts.learning_pair(run, hint="Press Start."))
    assert [each.name for each in figure.data] == 2 * ["training", "validation"]
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
