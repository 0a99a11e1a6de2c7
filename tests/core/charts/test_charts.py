from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from core import charts
from core.charts import curves
from core.evaluation import calibration
from core.recipe import Recipe
from core.runs import seeds
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


def checked(figure):
    """As Plotly's own class, which refuses a field or a value that it does not know."""
    return go.Figure(figure)


def trace(figure, name):
    return next(each for each in figure.data if each.name.startswith(name))


def test_a_curve_that_grows_moves_by_small_strides_and_shows_all_at_the_run_s_end():
    """Each move is a redraw that takes processor time from the training."""
    steps = range(1, 1001)
    run = replace(folded(started(), *map(batch, steps)), steps_per_epoch=200, recipe=Recipe(epochs=12))
    ends = []
    for step in steps[9:]:
        ends.append(curves.drawn(replace(run, step=step, curve=run.curve[run.curve[:, 0] <= step]))[-1, 0])
        assert step - ends[-1] < max(2400 / 120, 4)
    assert ends == sorted(ends), "a curve must not shrink"
    assert len(set(ends)) < 300 and len(set(ends[-400:])) < 30
    middle = replace(run, step=999)
    for state in ("validating", "paused"):  # or its end would jump ahead at each epoch's end, and back
        np.testing.assert_array_equal(curves.drawn(replace(middle, state=state)), curves.drawn(middle))
    assert curves.drawn(replace(middle, state="finished"))[-1, 0] == run.curve[-1, 0]


def test_the_schedule_is_what_training_uses(run):
    figure = checked(charts.schedule(Recipe(epochs=3), 10, run=run))
    assert figure.data[0].y[0] == 0.001 and figure.data[0].y[-1] == pytest.approx(0.00081)
    assert figure.data[1].x[0] == 2.0


def test_a_range_test_marks_the_suggested_rate_on_the_curve_of_a_logarithmic_axis():
    rates, losses = np.geomspace(1e-5, 1, 101), np.linspace(2.0, 1.0, 101)
    figure = checked(charts.range_test(rates, losses, 0.01))
    assert figure.layout.xaxis.type == "log" and len(trace(figure, "training loss").x) == 101
    mark = trace(figure, "suggested rate")
    assert (mark.x[0], mark.text[0]) == (0.01, "0.01") and mark.y[0] == pytest.approx(1.4)
    assert figure.layout.shapes[0].x0 == 0.01
    without = checked(charts.range_test(rates, losses, None))
    assert len(without.data) == 1 and not without.layout.shapes


def test_no_dot_is_spoken_of_before_the_first_step(run):
    for step, told in ((0, False), (5, True)):
        now = replace(run, state="running", step=step)
        figure = checked(charts.schedule(Recipe(epochs=3), 10, run=now))
        assert (len(figure.data) == 2) == ("the dot is now" in figure.layout.title.text) == told


def test_confusion_squares_carry_their_cell_and_errors_only_mutes_the_diagonal():
    table = np.diag(np.full(10, 50))
    table[4, 9] = 3
    figure = checked(charts.confusion(table, "Errors only", "dark", chosen=(4, 9)))
    cells = {tuple(cell) for cell in figure.data[1].customdata}
    assert (4, 9, 3) in cells and len(cells) == 100
    assert figure.data[0].text[4][9] == "3" and figure.data[0].text[4][4] == ""
    frame = figure.layout.shapes[0]
    assert (frame.x0, frame.y0) == (8.5, 3.5)


def test_bars_show_each_digit_and_the_likeliest_stands_out():
    balance = checked(charts.class_balance(range(10, 20)))
    assert balance.data[0].text[3] == "13"
    bars = checked(charts.probabilities(np.eye(10)[7] * 0.9 + 0.01)).data[0]
    assert [color == charts.TRAINING for color in bars.marker.color] == [digit == 7 for digit in range(10)]
    assert bars.text[7] == "91.0%"


def test_shares_add_up_along_rows_or_along_columns():
    table = np.random.default_rng(0).integers(0, 9, (10, 10))
    for view, axis in (("Share of the true digit", 1), ("Share of what it was read as", 0)):
        cells = checked(charts.confusion(table, view, "light")).data[0].text
        shares = np.array([[float(text or 0) for text in row] for row in cells])
        np.testing.assert_allclose(shares.sum(axis=axis), 100, atol=0.5)


def test_the_reliability_diagram_says_how_many_images_stand_behind_each_point():
    confidence, right = np.array([0.95, 0.99, 0.97, 0.42]), np.array([1.0, 0.0, 1.0, 1.0])
    _, points, numbers = checked(charts.reliability(calibration.reliability(confidence, right))).data
    assert list(points.x) == pytest.approx([0.42, 0.97]) and list(points.y) == pytest.approx([1, 2 / 3])
    assert [number for number in numbers.text if number != "0"] == ["1", "3"]
    assert numbers.text[9] == "3" and len(numbers.text) == 10
    assert np.all(np.array(points.y) + points.error_y.array <= 1 + 1e-9)


def test_two_runs_are_told_apart_by_name_and_without_colour(run):
    other = replace(run, name="quick-2", run_id="s")
    figure = checked(charts.overlaid((run, other), "accuracy"))
    assert [each.name for each in figure.data] == ["quick-1", "quick-2"]
    assert len({each.line.dash for each in figure.data}) == 2
    assert list(figure.data[0].y) == [0.9, 0.8]
    assert figure.layout.showlegend and not checked(charts.overlaid((run, other), "loss", legend=False)).layout.showlegend


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_difference_of_confusions_is_signed_and_centred(theme):
    difference = np.zeros((10, 10), int)
    difference[4, 4], difference[4, 9] = 16, -1
    (cells,) = checked(charts.confusion_difference(difference, "a", "b", theme)).data
    assert (cells.text[4][4], cells.text[4][9], cells.text[0][0]) == ("+16", "\N{MINUS SIGN}1", "")
    assert (cells.z[4][4], cells.z[4][9], cells.z[0][0]) == (1, -0.25, 0) and (cells.zmin, cells.zmax) == (-1, 1)
    assert cells.customdata[4][9].tolist() == ["4", "9", "1 more by b"]


def test_two_equal_matrices_draw_too():
    assert checked(charts.confusion_difference(np.zeros((10, 10), int), "a", "b", "light")).data[0].z[0][0] == 0


def test_the_band_is_a_standard_deviation_about_the_mean(run):
    second = folded(started(), epoch_ended("r", 1, val_accuracy=0.7), epoch_ended("r", 2, val_accuracy=0.9))
    runs = [replace(each, state="finished", recipe=each.recipe.changed(seed=seed)) for seed, each in enumerate((run, second))]
    band, *thin, mean = checked(charts.seed_band(seeds.seed_group(runs), runs)).data
    assert list(mean.y) == pytest.approx([0.8, 0.85])
    assert max(band.y) == pytest.approx(0.8 + np.std([0.9, 0.7], ddof=1))
    assert len(thin) == 2


def test_the_map_has_a_trace_per_digit_that_is_there_with_misread_points_ringed_and_on_top():
    labels, predicted = np.array([4, 4, 7, 4]), np.array([9, 4, 7, 4])
    places = np.array([[0, 1], [2, 3], [4, 5], [6, 7]], np.float32)
    certainty = np.array([0.87, 0.9, 1.0, 0.5])
    made = charts.embedding(places, labels, predicted, certainty, "light", revision="r")
    fours, sevens = checked(made).data
    assert (fours.name, sevens.name) == ("4", "7") and fours.marker.color == charts.DIGIT_COLORS[4]
    assert list(fours.customdata) == [1, 3, 0] and list(fours.x) == [2, 6, 0]
    assert fours.text[2] == "4 read as 9, 87%"
    assert [width > 0 for width in fours.marker.line.width] == [False, False, True]
