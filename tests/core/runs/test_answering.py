from dataclasses import replace

from core.recipe import Recipe
from core.runs.answering import best_run
from core.runs.epoch import Epoch
from core.runs.summary import RunSummary


def row(name, val_accuracy, *, state="finished", num_validation=360, **recipe):
    best = Epoch(1, 0.1, 0.9, 0.1, val_accuracy, 0.001, 1.0, 100.0)
    return RunSummary(name, 1, name, Recipe(**recipe), state, 0.0, 10.0, num_validation, 3, best)


def test_it_is_the_best_that_has_ended_on_the_data_and_of_equals_the_newest():
    rows = [
        row("failed-6", 0.10, state="failed"),
        row("training-5", 0.99, state="running"),
        row("mnist-4", 0.995, dataset="mnist"),
        row("newer-3", 0.98),
        row("older-2", 0.98),
        row("worst-1", 0.50),
    ]
    assert best_run(rows, "digits").name == "newer-3"
    assert best_run(rows, "mnist").name == "mnist-4"


def test_few_validation_images_flatter_nobody():
    """30 of 30 is .886 at least; 356 of 360 is .972."""
    assert best_run([row("lucky", 1.0, num_validation=30), row("sure", 356 / 360)], "digits").name == "sure"


def test_where_nothing_was_trained_on_the_data_it_is_the_best_on_those_of_the_newest():
    rows = [row("newest", 0.7), row("good", 0.9), row("other", 0.999, dataset="mnist")]
    assert best_run(rows, "recipe-split").name == "good"


def test_without_an_epoch_there_is_none():
    assert best_run([], "digits") is None
    assert best_run([replace(row("early", 0.5), best=None)], "digits") is None
