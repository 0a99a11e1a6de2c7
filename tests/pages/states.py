"""Every state that a person can find the lab in, made without training. Each gives the run in question, if there is one."""

from functools import lru_cache

import pytest

from core.errors import Diverged
from core.network import model
from core.recipe import Recipe
from core.runs.events import RunStarted
from core.runs.paths import weights_path
from core.runs.snapshot import fold
from core.system.process import identity
from core.training.job import TrainingJob
from tests.fakes import ended, epoch_ended, until

SMALL = Recipe(architecture="compact", filters_1=2, filters_2=2, filters_3=2, filters_4=2, epochs=3)
FAILURE = "The loss stopped being a number in epoch 1, batch 3."


def untouched(lab, trainer):
    return None


def preparing(lab, trainer):
    trainer.start_allowed.clear()
    return lab.studio.submit(SMALL)


def running(lab, trainer, *, num_steps=13, person=""):
    """In the middle of the second of three epochs of ten steps, unless told otherwise."""
    trainer.keep = keep_weights
    trainer.step_allowed.release(num_steps)
    return until(lab.studio, lab.studio.submit(SMALL, person), lambda run: run.step == num_steps and run.state == "running")


def first_epoch(lab, trainer):
    return running(lab, trainer, num_steps=3)


def scoring(lab, trainer):
    """All steps of the first epoch are done, its score is not there yet."""
    trainer.score_allowed.clear()
    trainer.step_allowed.release(10)
    return until(lab.studio, lab.studio.submit(SMALL), lambda run: run.state == "validating")


def paused(lab, trainer):
    run = running(lab, trainer)
    lab.studio.pause(run.run_id)
    return until(lab.studio, run, lambda run: run.state == "paused")


def finished(lab, trainer, recipe=SMALL):
    trainer.keep = keep_weights
    trainer.step_allowed.release(10 * recipe.epochs)
    return until(lab.studio, lab.studio.submit(recipe), ended)


def stopped(lab, trainer):
    run = running(lab, trainer)
    lab.studio.stop(run.run_id)
    return until(lab.studio, run, ended)


def failed(lab, trainer):
    def fail(step):
        raise Diverged(FAILURE)

    trainer.before_step = fail
    trainer.step_allowed.release()
    return until(lab.studio, lab.studio.submit(SMALL), ended)


def interrupted(lab, trainer):
    """A run that another server left behind after its first epoch."""
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setattr("core.store.processes.identity", lambda: identity(2**22 + 1))  # one more than Linux ever gives
        run = lab.store.runs.create(SMALL, "mine")
    beginning = {"run_id": run.run_id, "step": 0, "time": 0.0, "active_s": 0.0}
    beginning |= {"steps_per_epoch": 10, "num_validation": len(trainer.probabilities), "precision": "float32"}
    for event in (RunStarted(**beginning), epoch_ended(run.run_id, 1, probabilities=trainer.probabilities)):
        run = fold(run, event)
    lab.store.runs.save_epoch(run)
    keep_weights(TrainingJob(run.run_id, run.name, run.recipe, lab.store.runs.folder(run.run_id)), epoch=1)
    lab.store.processes.mark_interrupted([run.run_id])
    return lab.studio.snapshot(run.run_id)


def keep_weights(run, epoch):
    model.save_weights(_weights(run.recipe), weights_path(run.folder, epoch))


@lru_cache
def _weights(recipe):
    return model.build(recipe).get_weights()


STATES = {
    made.__name__: made
    for made in (untouched, preparing, first_epoch, running, scoring, paused, finished, stopped, failed, interrupted)
}
