from dataclasses import replace

import pytest

from core.recipe import Recipe
from core.recipe.presets import preset
from core.runs.epoch import Epoch
from core.runs.snapshot import RunSnapshot
from core.runs.watch import watch

QUICK = preset("quick", "digits").changed(optimizer="adam", learning_rate=0.008, epochs=6)


def run(figures, *, recipe=QUICK, state="running", steps_per_epoch=225, **changes):
    """A run whose epochs have these figures: training loss and accuracy, validation loss and accuracy."""
    epochs = tuple(
        Epoch(place, loss, accuracy, val_loss, val_accuracy, recipe.learning_rate, 1.0, 100.0)
        for place, (loss, accuracy, val_loss, val_accuracy) in enumerate(figures, start=1)
    )
    made = RunSnapshot("r", "quick-1", recipe, state=state, epochs=epochs)
    return replace(made, step=len(epochs) * steps_per_epoch, steps_per_epoch=steps_per_epoch, num_validation=360, **changes)


def learning(*accuracies, gap=-0.02):
    """Epochs that go well: training a little below validation, both losses falling."""
    return [(1 / place, each + gap, 0.8 / place, each) for place, each in enumerate(accuracies, start=1)]


GOOD = learning(0.85, 0.93, 0.96, 0.97, 0.98, 0.98, 0.98, 0.98, 0.98, 0.98)


@pytest.mark.parametrize("num_epochs", range(11))
def test_of_a_run_that_goes_well_nothing_is_said(num_epochs):
    state = "finished" if num_epochs == 10 else "running"
    assert watch(run(GOOD[:num_epochs], state=state)) is None


def test_training_far_above_validation_in_a_short_run_is_the_memory_of_batch_normalisation():
    """The 2018 recipe on the built-in digits as it was: 92 % and 10 %, 144 steps in all."""
    parting = [(2.0, 0.4, 2.3, 0.1), (0.9, 0.7, 2.4, 0.1), (0.3, 0.92, 2.5, 0.1)]
    remark = watch(run(parting, recipe=Recipe(), steps_per_epoch=12))
    assert remark.kind == "parted" and remark.branch_epoch is None
    assert remark.sentence == (
        "Training 92%, validation 10%: batch normalisation averages over 100 steps, too many for a run of 144."
    )
    assert remark.recipe == Recipe(batch_norm_momentum=0.9) and remark.cure == "Start again with momentum 0.9"
    assert watch(run(parting, recipe=Recipe(), steps_per_epoch=12, state="stopped")).kind == "parted", "also when it has ended"


def test_in_the_first_steps_of_a_long_run_validation_may_lag():
    lagging = [(0.3, 0.92, 2.5, 0.118)]
    assert watch(run(lagging, recipe=Recipe(), steps_per_epoch=263)) is None, "263 of 3,156 steps, and 500 are enough"
    assert watch(run([*lagging, (0.2, 0.95, 2.5, 0.2)], recipe=Recipe(), steps_per_epoch=263)).kind == "overfits"


def test_far_above_validation_after_enough_steps_it_learns_by_heart():
    plain = QUICK.changed(rotation_deg=0, shift=0, zoom=0, styles=0)
    remark = watch(run([(0.5, 0.9, 1.0, 0.55), (0.1, 0.99, 1.1, 0.6)], recipe=plain))
    assert remark.kind == "overfits" and remark.sentence == "Training 99%, validation 60%: it learns its images by heart."
    assert (remark.recipe.rotation_deg, remark.recipe.shift, remark.recipe.zoom) == (10.0, 0.08, 0.1)


@pytest.mark.parametrize(
    ("changes", "words", "field", "value"),
    [
        ({"learning_rate": 0.5}, "0.5 is more than Adam can take.", "learning_rate", 0.003),
        ({"learning_rate": 1e-6}, "At a learning rate of 1e-06 Adam hardly moves the weights.", "learning_rate", 0.003),
        ({"dropout_dense": 0.9}, "So much dropout leaves too little to learn from.", "dropout_dense", 0.5),
        ({"batch_norm": False}, "Without batch normalisation it is hard to begin.", "batch_norm", True),
        ({}, "The learning rate may be too large for this network.", "learning_rate", 0.0008),
    ],
)
def test_that_nothing_is_learned_has_its_likeliest_cause_and_a_cure(changes, words, field, value):
    remark = watch(run([(2.3, 0.11, 2.3, 0.1)], recipe=QUICK.changed(**changes)))
    assert remark.kind == "nothing" and remark.branch_epoch is None
    assert remark.sentence == f"After one epoch it reads 11% of its own training images, as guessing would. {words}"
    assert remark.recipe == QUICK.changed(**changes).changed(**{field: value})


def test_a_rate_that_was_raised_by_hand_is_the_rate_that_counts():
    raised = run([(2.3, 0.11, 2.3, 0.1)], rate_changes=((0, 10.0),), recipe=QUICK.changed(learning_rate=0.02))
    assert "0.2 is more than Adam can take." in watch(raised).sentence


def test_before_a_hundred_steps_nobody_can_say_that_nothing_is_learned():
    assert watch(run([(2.3, 0.11, 2.3, 0.1)], steps_per_epoch=90)) is None


def overfitting():
    """The lowest validation loss after epoch 2, .2; then .23, .24, .25, while training goes on to gain."""
    losses = (0.3, 0.2, 0.23, 0.24, 0.25)
    return [(0.5 / place, 0.9 + place / 50, loss, 0.94) for place, loss in enumerate(losses, start=1)]


def test_a_validation_loss_that_rises_for_three_epochs_is_overfitting_and_the_cure_branches_off_before_it():
    plain = QUICK.changed(rotation_deg=0, shift=0, zoom=0)
    remark = watch(run(overfitting(), recipe=plain))
    assert remark.kind == "overfits" and remark.branch_epoch == 2
    assert remark.sentence == (
        "Since epoch 2 the validation loss has risen from 0.2 to 0.25, while the training loss falls: it overfits."
    )
    assert remark.cure == "Branch off epoch 2 with more augmentation"
    assert remark.recipe == plain.changed(rotation_deg=10, shift=0.08, zoom=0.1, epochs=4)
    assert watch(run(overfitting()[:4], recipe=plain)) is None, "two epochs may be chance"


def test_where_there_is_augmentation_dropout_is_the_cure_and_where_there_is_that_synthetic_digits():
    augmented = QUICK.changed(shift=0.1)
    assert watch(run(overfitting(), recipe=augmented)).recipe.dropout_dense == 0.5
    dropping = augmented.changed(dropout_conv=0.3, dropout_dense=0.5)
    assert watch(run(overfitting(), recipe=dropping)).recipe.styles == dropping.styles + 1


def test_where_training_is_not_above_validation_a_rising_loss_is_not_overfitting():
    assert watch(run([(loss, 0.9, val_loss, 0.94) for loss, _, val_loss, _ in overfitting()])) is None


def test_a_run_that_ended_while_it_learned_is_given_more_epochs():
    slow = learning(0.2, 0.4, 0.6, gap=0.0)
    recipe = QUICK.changed(epochs=3)
    remark = watch(run(slow, recipe=recipe, state="finished"))
    assert remark.kind == "unfinished" and remark.sentence == "It ended at 60% while it still gained 20 points an epoch."
    assert remark.recipe == recipe.changed(epochs=6)
    assert watch(run(slow, recipe=recipe)) is None and watch(run(slow, recipe=recipe, state="stopped")) is None


def test_a_failed_run_says_itself_what_to_do():
    assert watch(run([(2.3, 0.11, 2.3, 0.1)], state="failed")) is None
