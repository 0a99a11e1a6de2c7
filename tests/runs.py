"""Small runs, their events and the recipe that tests train by."""

from __future__ import annotations

from core.recipe import Recipe
from core.runs import events
from core.runs.snapshot import RunSnapshot, fold
from tests.fakes import epoch_ended

QUEUED = RunSnapshot("r", "quick-1", Recipe(epochs=3))
AT = {"run_id": "r", "time": 0.0}


def folded(*happened):
    run = QUEUED
    for event in happened:
        run = fold(run, event)
    return run


def started(step=0):
    return events.RunStarted(**AT, step=step, active_s=0.0, steps_per_epoch=10, num_validation=10, precision="float32")


def batch(step, loss=1.0):
    return events.BatchEnded(**AT, step=step, active_s=step / 10, loss=loss, accuracy=0.5, images_per_s=100.0)


def bare(kind, step=10, **figures):
    return kind(**AT, step=step, active_s=1.0, **figures)


def trained(store, num_epochs=2, recipe=None):
    run = store.runs.create(recipe or Recipe(epochs=num_epochs), "mine")
    for epoch in range(1, num_epochs + 1):
        run = fold(run, epoch_ended(run.run_id, epoch, val_accuracy=0.9 + epoch / 100))
        store.runs.save_epoch(run)
    return run


TINY = Recipe(
    architecture="compact",
    filters_1=4,
    filters_2=4,
    filters_3=4,
    filters_4=4,
    batch_norm_momentum=0.8,
    dropout_conv=0.1,
    dropout_dense=0.1,
    optimizer="adam",
    learning_rate=0.01,
    epochs=2,
    batch_size=64,
    precision="float32",
)
