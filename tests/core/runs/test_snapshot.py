from dataclasses import replace

import numpy as np
import pytest

from core.runs import events
from core.runs.epoch import best_epoch
from core.runs.snapshot import MAX_CURVE_POINTS, fold
from tests.fakes import PROBABILITIES, epoch_ended
from tests.runs import bare, batch, folded, started


@pytest.mark.parametrize(
    ("happened", "state"),
    [
        ([], "queued"),
        ([started()], "running"),
        ([started(), bare(events.RunPaused)], "paused"),
        ([started(), bare(events.RunPaused), bare(events.RunResumed)], "running"),
        ([started(), batch(10), bare(events.ValidationStarted)], "validating"),
        ([started(), batch(10), bare(events.ValidationStarted), epoch_ended("r", 1)], "running"),
        ([started(), bare(events.RunEnded, stopped=True)], "stopped"),
        ([started(), bare(events.RunEnded, stopped=False)], "finished"),
        ([started(), bare(events.RunFailed, message="No.")], "failed"),
    ],
)
def test_state_follows_events(happened, state):
    run = folded(*happened)
    assert run.state == state
    assert run.active == (state in ("queued", "running", "paused", "validating"))


def epochs_of(*figures):
    return [epoch_ended("r", number, val_accuracy=accuracy, val_loss=loss) for number, (accuracy, loss) in enumerate(figures, 1)]


@pytest.mark.parametrize(
    ("num_images", "figures", "best"),
    [
        (360, [(0.95, 0.2), (0.95, 0.1), (0.92, 0.05)], 2),  # the interval of 342 of 360 ends at .923
        (360, [(0.95, 0.2), (0.95, 0.1), (0.925, 0.05)], 3),
        (8400, [(0.95, 0.2), (0.95, 0.1), (0.925, 0.05)], 2),
        (360, [(0.95, 0.1), (0.96, 0.1)], 2),  # level in loss
        (0, [(0.95, 0.2), (0.94, 0.1)], 1),  # not told of how many images
        (360, [(0.1, float("nan"))], 1),
        *((few, [(0.0, 2.0), (0.0, 1.0)], 2) for few in range(1, 9)),  # whatever rounding makes of an interval from 0 on
    ],
)
def test_best_epoch_has_the_lowest_loss_of_those_that_so_few_images_cannot_tell_from_the_most_accurate(num_images, figures, best):
    assert best_epoch([event.epoch for event in epochs_of(*figures)], num_images).epoch == best


def test_the_best_epoch_answers_once_the_run_has_ended():
    assert best_epoch([], 360) is None
    run = folded(started(), *epochs_of((0.95, 0.2), (0.95, 0.1), (0.5, 0.05)))
    assert run.best_epoch.epoch == 2
    assert run.served_epoch.epoch == 3
    assert fold(run, bare(events.RunEnded, step=30, stopped=False)).served_epoch.epoch == 2


def test_time_left_goes_by_the_pace_so_far():
    run = folded(started(), batch(5), batch(15))
    assert run.progress == pytest.approx(0.5)
    assert run.remaining_s == pytest.approx(1.5)
    assert folded(started()).remaining_s is None


def test_the_time_that_tensorflow_takes_to_begin_is_no_part_of_the_pace():
    slow = replace(batch(1), active_s=4.0)
    assert folded(started(), slow).remaining_s is None, "by the first step alone it would be two minutes"
    assert folded(started(), slow, replace(batch(11), active_s=5.0)).remaining_s == pytest.approx(1.9)
    again = folded(started(), slow, replace(batch(11), active_s=5.0), started(step=11))
    assert again.remaining_s is None, "a resumed run begins anew, too"


@pytest.mark.parametrize(("step", "epoch"), [(0, 1), (9, 1), (10, 2), (29, 3), (30, 3)])
def test_the_epoch_under_way(step, epoch):
    assert folded(started(), batch(step)).current_epoch == epoch


def test_while_validating_the_epoch_is_the_one_being_scored():
    assert folded(started(), batch(10), bare(events.ValidationStarted)).current_epoch == 1


def test_a_long_curve_is_thinned_and_keeps_its_shape_and_both_ends():
    steps = range(1, 3 * MAX_CURVE_POINTS)
    run = folded(started(), *(batch(step, loss=float(step)) for step in steps))
    assert len(run.curve) <= MAX_CURVE_POINTS
    assert run.curve[-1, 0] == steps[-1]
    assert run.curve[0, 0] < 10 and np.diff(run.curve[:, 0]).max() < 20
    np.testing.assert_allclose(run.curve[:, 0], run.curve[:, 1])


def test_folding_changes_nothing_that_was_read_before():
    early = folded(started(), batch(1))
    later = fold(early, batch(2))
    assert len(early.curve) == 1 and len(later.curve) == 2


def test_probabilities_are_the_last_epochs():
    run = folded(started(), epoch_ended("r", 1), epoch_ended("r", 2, probabilities=PROBABILITIES * 2))
    np.testing.assert_array_equal(run.probabilities, PROBABILITIES * 2)
