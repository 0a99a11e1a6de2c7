import os
import threading
import time

import numpy as np
import pytest
import sqlalchemy as sa

from core.drawing.labelled import MIN_DRAWINGS
from core.errors import Diverged, RunMissing, TrainingError
from core.recipe import Recipe
from core.store import tables
from core.system.process import identity
from tests.fakes import SOON_S, ScriptedTrainer, ended, until


def test_a_run_goes_from_queue_to_finish_and_is_written(make_studio):
    studio = make_studio(ScriptedTrainer(free=True))
    run = until(studio, studio.submit(Recipe(epochs=2)), ended)
    assert run.state == "finished"
    assert [epoch.epoch for epoch in run.epochs] == [1, 2]
    written = studio.store.runs.load(run.run_id)
    assert (written.state, written.epochs, written.recipe) == ("finished", run.epochs, run.recipe)


def test_pause_holds_the_run_until_resume(make_studio):
    trainer = ScriptedTrainer()
    studio = make_studio(trainer)
    run = studio.submit(Recipe(epochs=1))
    trainer.step_allowed.release(3)
    run = until(studio, run, lambda run: run.step == 3)
    studio.pause(run.run_id)
    run = until(studio, run, lambda run: run.state == "paused")
    trainer.step_allowed.release(7)
    assert studio.wait(run, 0.5) is run, "it went on, or said that it did"
    assert studio.snapshot(run.run_id).step == 3
    studio.resume(run.run_id)
    assert until(studio, run, ended).state == "finished"


def test_stop_ends_early_keeps_what_was_learned_and_marks_it_partial(make_studio):
    trainer = ScriptedTrainer()
    studio = make_studio(trainer)
    run = studio.submit(Recipe(epochs=5))
    trainer.step_allowed.release(12)
    run = until(studio, run, lambda run: run.step == 12)
    studio.stop(run.run_id)
    assert studio.snapshot(run.run_id).ending
    run = until(studio, run, ended)
    assert (run.state, run.ending) == ("stopped", False)
    assert [epoch.partial for epoch in run.epochs] == [False, True]


def test_stop_wakes_a_paused_run(make_studio):
    trainer = ScriptedTrainer()
    studio = make_studio(trainer)
    run = studio.submit(Recipe())
    studio.pause(run.run_id)
    run = until(studio, run, lambda run: run.state == "paused")
    studio.stop(run.run_id)
    assert until(studio, run, ended).state == "stopped"


def test_runs_train_in_the_order_of_their_submission(make_studio):
    trainer = ScriptedTrainer()
    studio = make_studio(trainer)
    runs = [studio.submit(Recipe(epochs=1)) for _ in range(3)]
    assert studio.current().run_id == runs[0].run_id
    trainer.step_allowed.release(30)
    until(studio, runs[2], ended)
    assert trainer.trained == [run.name for run in runs]
    assert studio.current() is None


def test_a_queued_run_can_be_stopped_without_ever_training(make_studio):
    trainer = ScriptedTrainer()
    studio = make_studio(trainer)
    first, second = studio.submit(Recipe(epochs=1)), studio.submit(Recipe(epochs=1))
    studio.stop(second.run_id)
    assert studio.snapshot(second.run_id).state == studio.store.runs.load(second.run_id).state == "stopped"
    trainer.step_allowed.release(10)
    until(studio, first, ended)
    assert trainer.trained == [first.name]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Diverged("The loss stopped being a number."), "The loss stopped being a number."),
        (MemoryError(), "ran out of memory"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (ZeroDivisionError("oops"), "ZeroDivisionError: oops"),
    ],
)
def test_a_failure_becomes_a_sentence_and_the_next_run_trains(make_studio, error, words):
    trainer = ScriptedTrainer(free=True)

    def fail(step):
        trainer.before_step = lambda step: None
        raise error

    trainer.before_step = fail
    studio = make_studio(trainer)
    failed, healthy = studio.submit(Recipe(epochs=1)), studio.submit(Recipe(epochs=1))
    failed = until(studio, failed, ended)
    assert failed.state == "failed" and words in failed.message
    assert studio.store.runs.load(failed.run_id).message == failed.message
    assert until(studio, healthy, ended).state == "finished"


def test_what_a_folder_does_not_take_is_written_once_it_does(make_studio, tmp_path):
    (tmp_path / "runs").write_text("in the way")
    studio = make_studio(ScriptedTrainer(free=True))
    run = until(studio, studio.submit(Recipe(epochs=2)), ended)
    assert run.state == "finished" and "A file could not be written" in run.unwritten
    assert studio.store.runs.load(run.run_id).state == "running"
    (tmp_path / "runs").unlink()
    studio.tend()
    assert studio.snapshot(run.run_id).unwritten == ""
    written = studio.store.runs.load(run.run_id)
    assert written.state == "finished" and written.epochs == run.epochs and written.probabilities is not None
    assert until(studio, studio.submit(Recipe(epochs=1)), ended).unwritten == ""


def test_runs_are_there_after_a_restart_and_those_of_a_dead_process_are_interrupted(make_studio, monkeypatch):
    studio = make_studio(ScriptedTrainer(free=True))
    done = until(studio, studio.submit(Recipe(epochs=1)), ended)
    with monkeypatch.context() as at:
        at.setattr("core.store.processes.identity", lambda: identity(2**22 + 1))  # one more than Linux ever gives
        cut = studio.store.runs.create(Recipe(), "mine")
        at.setattr("core.store.processes.identity", lambda: identity(os.getppid()))
        elsewhere = studio.store.runs.create(Recipe(), "mine")
    same_number = studio.store.runs.create(Recipe(), "mine")
    again = make_studio(ScriptedTrainer())
    assert again.snapshot(done.run_id).epochs == done.epochs
    assert again.snapshot(cut.run_id).state == again.snapshot(same_number.run_id).state == "interrupted"
    assert again.snapshot(elsewhere.run_id).state == "queued"


def test_a_run_of_another_machine_is_left_behind_once_that_is_silent(make_studio, monkeypatch):
    studio = make_studio(ScriptedTrainer())
    with monkeypatch.context() as at:
        at.setattr("core.store.processes.identity", lambda: "another-boot/4026531836/1/12345")  # number 1, as in any container
        run = studio.store.runs.create(Recipe(), "mine")
    for silent_s, state in ((30, "queued"), (90, "interrupted")):
        with studio.store.database.writing() as connection:
            connection.execute(tables.runs.update().values(alive=time.time() - silent_s))
        studio.tend()
        assert studio.store.runs.load(run.run_id).state == studio.snapshot(run.run_id).state == state


def test_a_process_that_has_the_number_of_one_that_died_is_not_taken_for_it(make_studio, monkeypatch):
    studio = make_studio(ScriptedTrainer())
    system, number, started = identity().rsplit("/", 2)
    with monkeypatch.context() as at:
        at.setattr("core.store.processes.identity", lambda: f"{system}/{number}/{int(started) - 1}")
        run = studio.store.runs.create(Recipe(), "mine")
    studio.tend()
    assert studio.snapshot(run.run_id).state == "interrupted"


def test_a_run_that_trains_says_that_it_lives(make_studio):
    trainer = ScriptedTrainer()
    studio = make_studio(trainer)
    run = studio.submit(Recipe(epochs=1))
    with studio.store.database.writing() as connection:
        connection.execute(tables.runs.update().values(alive=0.0))
    studio.tend()
    with studio.store.database.reading() as connection:
        assert connection.execute(sa.select(tables.runs.c.alive)).scalar_one() > time.time() - 60
    assert studio.snapshot(run.run_id).active


def test_many_readers_see_the_same_run_while_it_trains(make_studio):
    studio = make_studio(ScriptedTrainer(free=True))
    run = studio.submit(Recipe(epochs=20))
    seen = []

    def read():
        now = run
        while now.active:
            now = studio.wait(now, SOON_S)
        seen.append(now)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(SOON_S)
    assert len(seen) == 4 and len({id(each) for each in seen}) == 1


def test_a_run_in_training_is_not_thrown_away_and_an_ended_one_can_be_taken_back(make_studio):
    studio = make_studio(ScriptedTrainer())
    kept, run = studio.submit(Recipe(epochs=1)), studio.submit(Recipe(epochs=1))
    studio.stop(kept.run_id)
    until(studio, kept, ended)
    with pytest.raises(TrainingError, match="mine-2 is still training. Stop it first"):
        studio.throw_away([kept.run_id, run.run_id])
    assert len(studio.store.runs.all()) == 2
    studio.stop(run.run_id)
    until(studio, run, ended)
    studio.throw_away([run.run_id])
    assert studio.newest().name == "mine-1" and [row.name for row in studio.store.runs.all()] == ["mine-1"]
    studio.store.bin.restore([run.run_id])
    assert studio.newest().name == "mine-2"


def test_a_run_is_renamed_while_it_trains_and_keeps_its_name_through_the_next_epoch(make_studio):
    trainer = ScriptedTrainer()
    studio = make_studio(trainer)
    run = studio.submit(Recipe(epochs=1))
    studio.annotate(run.run_id, name="my  first")
    trainer.step_allowed.release(10)
    assert until(studio, studio.snapshot(run.run_id), ended).name == studio.store.runs.load(run.run_id).name == "my first"


def test_a_run_is_claimed_while_it_trains_and_keeps_its_person_through_the_next_epoch(make_studio):
    trainer = ScriptedTrainer()
    studio = make_studio(trainer)
    run = studio.submit(Recipe(epochs=1), hand_of="#a")
    claimed = studio.claim("#a", "Ana")
    assert studio.snapshot(run.run_id).person == "Ana"
    trainer.step_allowed.release(10)
    run = until(studio, studio.snapshot(run.run_id), ended)
    assert (run.person, run.hand_of) == ("Ana", "Ana") and studio.store.runs.load(run.run_id).person == "Ana"
    studio.give_back(claimed)
    assert (studio.snapshot(run.run_id).person, studio.snapshot(run.run_id).hand_of) == ("", "#a")


def test_steering_an_unknown_run_does_nothing_and_reading_it_says_so(make_studio):
    studio = make_studio(ScriptedTrainer())
    for press in (studio.pause, studio.resume, studio.stop):
        press("nobody")
    with pytest.raises(RunMissing, match="nobody"):
        studio.snapshot("nobody")


def test_the_trainer_is_handed_the_faults_of_the_moment_of_submission(make_studio):
    handed = []
    scripted = ScriptedTrainer()

    def train(run, control, publish):
        handed.append(run.left_out)
        scripted(run, control, publish)

    scripted.start_allowed.clear()
    studio = make_studio(train)
    studio.store.verdicts.save("digits", 3, "fault")
    run = studio.submit(Recipe(epochs=1, leave_out_faults=True))
    studio.store.verdicts.save("digits", 4, "fault")
    scripted.start_allowed.set()
    scripted.step_allowed.release(10)
    assert until(studio, run, ended).left_out == (3,)
    assert handed == [(3,)]


def test_a_run_is_handed_the_drawings_that_there_are_when_it_begins_if_they_are_enough(make_studio):
    trainer, handed = ScriptedTrainer(), {}
    trainer.keep = lambda run, epoch: handed.update({run.name: run.hand})
    studio = make_studio(trainer)

    def draw(number):
        studio.store.drawings.add(np.full((28, 28), 1 + number, np.uint8), number % 10)

    for number in range(MIN_DRAWINGS - 1):
        draw(number)
    few = until(studio, studio.submit(Recipe(epochs=1)), lambda run: run.state == "running")
    enough = studio.submit(Recipe(epochs=1))
    draw(MIN_DRAWINGS)
    trainer.step_allowed.release(20)
    until(studio, enough, ended)
    assert handed[few.name] is None
    assert len(handed[enough.name]) == MIN_DRAWINGS
