"""Stand-ins that tests share: a trainer that follows a script, and how to wait for what it does."""

import threading
from collections.abc import Callable, Hashable

import numpy as np

from core.runs import events
from core.runs.epoch import Epoch
from core.system.background_jobs import Job
from core.training.control import Control
from core.training.job import TrainingJob

PROBABILITIES = np.eye(10, dtype=np.float32)
SOON_S = 60  # for a busy machine of two cores; every wait ends as soon as what it waits for is there


def until(studio, run, reached, patience_s=SOON_S):
    """The first snapshot for which `reached` holds; waits on the studio's own signal, for so long at a time."""
    while not reached(run):
        later = studio.wait(run, patience_s)
        assert later is not run, f"nothing happened after {run.state}"
        run = later
    return run


def ended(run):
    return not run.active


def epoch_ended(
    run_id: str,
    epoch: int,
    *,
    val_accuracy: float = 0.9,
    val_loss: float = 0.3,
    probabilities: np.ndarray = PROBABILITIES,
    step: int | None = None,
    **changes,
) -> events.EpochEnded:
    figures = {"loss": 1 / epoch, "accuracy": 0.8, "learning_rate": 0.001, "seconds": 2.0, "images_per_s": 640.0, **changes}
    made = Epoch(epoch=epoch, val_loss=val_loss, val_accuracy=val_accuracy, **figures)
    at = {"run_id": run_id, "step": epoch * 10 if step is None else step, "time": 0.0, "active_s": epoch * 2.0}
    return events.EpochEnded(**at, epoch=made, probabilities=probabilities)


class ScriptedTrainer:
    """Trains nothing: ten steps an epoch, each let through by `step_allowed`; obeys its control as the real one does.

    `start_allowed` and `score_allowed` hold it where the real one prepares its data and scores an epoch. `before_step(step)`
    may raise; `keep(run, epoch)` is called where the real one writes weights; `val_loss(epoch)` is what it scores, and `scores`
    replaces figures of every epoch.
    """

    def __init__(self, *, free: bool = False, probabilities: np.ndarray = PROBABILITIES) -> None:
        self.probabilities = probabilities
        self.start_allowed, self.score_allowed = threading.Event(), threading.Event()
        self.start_allowed.set()
        self.score_allowed.set()
        self.step_allowed = threading.Semaphore(10**6 if free else 0)
        self.before_step: Callable[[int], None] = lambda step: None
        self.keep: Callable[[TrainingJob, int], None] = lambda run, epoch: None
        self.val_loss: Callable[[int], float] = lambda epoch: 0.3
        self.scores: dict[str, float] = {}
        self.trained: list[str] = []

    def __call__(self, run: TrainingJob, control: Control, publish) -> None:
        step = 10 * run.done

        def send(kind, **figures):
            publish(events.stamped(kind, run.run_id, step=step, active_s=step / 10, **figures))

        def wait_for(allowed):
            while not allowed.wait(0.02) and not control.stopping:
                pass

        wait_for(self.start_allowed)
        send(events.RunStarted, steps_per_epoch=10, num_validation=len(self.probabilities), precision="float32")
        for epoch in range(run.done + 1, run.recipe.epochs + 1):
            for _ in range(10):
                while not self.step_allowed.acquire(timeout=0.02) and not (control.stopping or control.paused):
                    pass
                control.wait_while_paused(lambda: send(events.RunPaused), lambda: send(events.RunResumed))
                if control.stopping:
                    break
                self.before_step(step)
                if (factor := control.take_rate()) is not None:
                    send(events.RateChanged, factor=factor)
                step += 1
                send(events.BatchEnded, loss=1 / step, accuracy=0.5, images_per_s=100.0)
            if step:
                send(events.ValidationStarted)
                wait_for(self.score_allowed)
                self.keep(run, epoch)
                scores = {"val_accuracy": 0.5 + 0.01 * epoch, "val_loss": self.val_loss(epoch), **self.scores}
                figures = {**scores, "step": step, "partial": control.stopping}
                publish(epoch_ended(run.run_id, epoch, probabilities=self.probabilities, **figures))
            if control.stopping:
                break
        self.trained.append(run.name)
        send(events.RunEnded, stopped=control.stopping)


class ScriptedRejections:
    """Stands in for a Lab's `rejections`: `job` is each network's but for those in `jobs`; nothing is measured."""

    name = "rejections"

    def __init__(self) -> None:
        self.job: Job = Job(error="Nothing is measured here.")
        self.jobs: dict[Hashable, Job] = {}
        self.asked: list[Hashable] = []

    def start(self, key: Hashable, work: Callable) -> Job:
        self.asked.append(key)
        return self.look(key)

    def look(self, key: Hashable) -> Job:
        return self.jobs.get(key, self.job)
