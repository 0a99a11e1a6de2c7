import pytest

from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot
from core.training.queue import QueueState, expected_starts, starts
from tests.fakes import ScriptedTrainer, ended, until
from ui.browser.people import cleaned


@pytest.mark.parametrize(
    ("left", "lengths", "at_once", "expected"),
    [
        ([10.0], [5.0, 7.0], 1, [10.0, 15.0]),
        ([10.0, 30.0], [5.0, 7.0, 1.0], 2, [10.0, 15.0, 22.0]),
        ([10.0], [5.0], 2, [0.0]),
        ([10.0, 30.0], [5.0, 7.0], 1, [30.0, 35.0]),  # fewer are allowed than train
        ([None], [5.0], 1, [None]),
        ([None, 4.0], [5.0, 7.0], 2, [4.0, 9.0]),
        ([4.0], [None, 7.0], 1, [4.0, None]),
    ],
)
def test_each_run_starts_when_a_place_is_free_and_its_turn_has_come(left, lengths, at_once, expected):
    assert starts(left, lengths, at_once) == expected


def test_what_runs_goes_by_its_own_pace_and_what_waits_by_its_forecast():
    runs = [RunSnapshot(name, name, Recipe(epochs=4)) for name in "abc"]
    running = RunSnapshot(
        "r", "r", Recipe(epochs=2), state="running", step=5, steps_per_epoch=10, active_s=3.0, paced_from=(0, 0.0)
    )
    assert expected_starts(QueueState((running,), tuple(runs)), lambda recipe: 8.0) == [9.0, 17.0, 25.0]
    assert expected_starts(QueueState((running,), tuple(runs)), lambda recipe: None) == [9.0, None, None]


@pytest.fixture
def trainer():
    return ScriptedTrainer()


@pytest.fixture
def four(make_studio, trainer):
    """A studio, and four runs of it: the first trains, the others wait."""
    studio = make_studio(trainer)
    return studio, [studio.submit(Recipe(epochs=1), person) for person in ("Ana", "Ben", "Ben", "")]


def names(runs):
    return [run.name.removeprefix("mine-") for run in runs]


def test_the_line_can_be_put_in_another_order_and_trains_in_it(four, trainer):
    studio, runs = four
    studio.move(runs[3].run_id, 1)
    studio.move(runs[1].run_id, 99)
    studio.move(runs[0].run_id, 2)  # trains already
    queue = studio.queue()
    assert (names(queue.running), names(queue.waiting)) == (["1"], ["4", "3", "2"])
    assert [queue.place(run.run_id) for run in runs] == [0, 3, 2, 1]
    trainer.step_allowed.release(40)
    for run in runs:
        until(studio, run, ended)
    assert [name.removeprefix("mine-") for name in trainer.trained] == ["1", "4", "3", "2"]


def test_one_that_left_the_line_can_come_back_to_its_place(four):
    studio, runs = four
    studio.stop(runs[1].run_id)
    assert names(studio.queue().waiting) == ["3", "4"]
    studio.go_on(runs[1].run_id)
    studio.move(runs[1].run_id, 1)
    assert names(studio.queue().waiting) == ["2", "3", "4"]


def test_as_many_train_at_once_as_is_set(four):
    studio, runs = four
    studio.set_at_once(3)
    assert names(studio.queue().running) == ["1", "2", "3"]
    studio.set_at_once(1)
    assert names(studio.queue().running) == ["1", "2", "3"], "what trains goes on"
    assert names(studio.queue().waiting) == ["4"]


def test_a_run_remembers_who_started_it(four):
    studio, runs = four
    assert [run.person for run in runs] == ["Ana", "Ben", "Ben", ""]
    assert [row.person for row in studio.store.runs.all()] == ["", "Ben", "Ben", "Ana"]
    assert studio.store.runs.load(runs[0].run_id).person == "Ana"


def test_a_rate_is_changed_from_the_next_batch_on_and_written(four, trainer):
    studio, runs = four
    trainer.step_allowed.release(4)
    run = until(studio, runs[0], lambda run: run.step == 4)
    studio.set_rate(run.run_id, 0.5)
    trainer.step_allowed.release(1)
    run = until(studio, run, lambda run: run.rate_changes)
    assert run.rate_factor == 0.5
    assert studio.store.runs.load(run.run_id).rate_changes == run.rate_changes == ((4, 0.5),)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ana   Lu ", "Ana Lu"),
        ("\n\t", ""),
        ("J\u00fcrgen O'Neil-2.", "J\u00fcrgen O'Neil-2."),
        ("**b** [x](y) :red[a] <i>_", "b x y red a i"),
        ("a@b.org", "a at b.org"),
        ("www.a.b", "www .a.b"),
        ("x" * 99, "x" * 40),
    ],
)
def test_a_name_is_a_name(typed, name):
    assert cleaned(typed) == name
