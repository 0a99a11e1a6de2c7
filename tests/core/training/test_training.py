"""Real, tiny trainings: Keras itself, on the built-in digits."""

import dataclasses
import gc
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from core import datasets
from core.datasets import uploads
from core.datasets.validation import validation_part
from core.errors import Diverged, TrainingError
from core.network import model
from core.network.predictor import Predictor
from core.recipe.schedules import learning_rate
from core.runs import events
from core.runs.paths import weights_path
from core.store import Store
from core.training.batches import Feed, batches, rehearsal, training_feed
from core.training.control import Control
from core.training.job import TrainingJob
from core.training.learner import Learner
from core.training.studio import Studio
from core.training.trainer import train
from tests.fakes import ended, until
from tests.runs import TINY

NUM_STEPS = 23  # 1,437 training images


@pytest.fixture
def run(tmp_path):
    return TrainingJob("tiny", "tiny-1", TINY, tmp_path)


def published(run, recipe=TINY, control=None, on_event=lambda event: None):
    seen = []

    def publish(event):
        seen.append(event)
        on_event(event)

    train(dataclasses.replace(run, recipe=recipe), control or Control(), publish)
    return seen


def of_kind(seen, kind):
    return [event for event in seen if isinstance(event, kind)]


def test_a_run_tells_its_story_in_order_and_its_figures_are_its_predictions(run):
    seen = published(run)
    kinds = [type(event) for event in seen if not isinstance(event, events.BatchEnded)]
    epoch = [events.ValidationStarted, events.EpochEnded]
    assert kinds == [events.RunStarted, *epoch, *epoch, events.RunEnded]
    last = of_kind(seen, events.EpochEnded)[-1]
    labels = validation_part(TINY).labels
    assert last.step == 2 * NUM_STEPS and not last.epoch.partial
    assert last.epoch.val_accuracy == pytest.approx(np.mean(last.probabilities.argmax(1) == labels))
    likelihood = last.probabilities[np.arange(len(labels)), labels]
    assert last.epoch.val_loss == pytest.approx(-np.log(np.maximum(likelihood, 1e-7)).mean(), rel=1e-4)


def test_a_run_that_is_split_by_writer_is_scored_on_writers_it_never_saw(run, data_dir):
    digits, writers = datasets.load("digits"), np.arange(300) % 6
    kept = uploads.keep(digits.images[:300].copy(), digits.labels[:300].copy(), filename="class.csv", groups=writers)
    recipe = TINY.changed(dataset=kept.name, split_by_group=True, epochs=1)
    part = validation_part(recipe)
    assert len(set(writers[part.rows])) == 1 and len(part.labels) == 50
    seen = published(run, recipe)
    (last,) = of_kind(seen, events.EpochEnded)
    assert last.epoch.val_accuracy == pytest.approx(np.mean(last.probabilities.argmax(1) == part.labels))
    assert of_kind(seen, events.RunStarted)[0].num_validation == 50


@pytest.mark.parametrize(
    "changes",
    [
        {"activation": "gelu", "extra_convolutions": 2},
        {"activation": "sigmoid", "kernel_size": 5, "architecture": "strided", "dense_units": 8},
        {"activation": "leaky_relu", "weight_decay": 0.1, "optimizer": "muon"},
    ],
    ids=["deeper", "large kernels", "decay"],
)
def test_a_network_of_ones_own_making_trains_and_answers(run, changes):
    seen = published(run, TINY.changed(**changes))
    first, last = (event.epoch for event in of_kind(seen, events.EpochEnded))
    assert last.loss < first.loss
    assert [event.message for event in of_kind(seen, events.RunEnded)] == [""]


def test_a_run_on_some_images_takes_the_steps_of_those_and_is_scored_on_all_that_others_are(run):
    recipe = TINY.changed(training_images=300, styles=0.5, epochs=1)
    seen = published(run, recipe)
    (start,) = of_kind(seen, events.RunStarted)
    assert start.steps_per_epoch == 8, "300 images and 150 synthetic ones, in batches of 64"
    (last,) = of_kind(seen, events.EpochEnded)
    labels = validation_part(TINY).labels
    assert last.epoch.val_accuracy == pytest.approx(np.mean(last.probabilities.argmax(1) == labels))


def test_weight_decay_leaves_the_shown_loss_the_cross_entropy_and_keeps_kernels_small(run):
    norms, losses = [], []
    for decay in (0.0, 1.0):
        seen = published(run, TINY.changed(weight_decay=decay, optimizer="rmsprop", epochs=1))
        weights = model.load_weights(weights_path(run.folder, 1))
        norms.append(sum(np.square(each).sum() for each in weights if each.ndim > 1))
        (last,) = of_kind(seen, events.EpochEnded)
        labels = validation_part(TINY).labels
        likelihood = last.probabilities[np.arange(len(labels)), labels]
        losses.append((last.epoch.val_loss, -np.log(np.maximum(likelihood, 1e-7)).mean()))
    assert norms[1] < 0.9 * norms[0]
    for shown, cross_entropy in losses:
        assert shown == pytest.approx(cross_entropy, rel=1e-4)


def test_it_learns(run):
    recipe = TINY.changed(filters_1=8, filters_2=16, filters_3=16, filters_4=16, epochs=6)
    epochs = [event.epoch for event in of_kind(published(run, recipe), events.EpochEnded)]
    assert epochs[-1].loss < 0.6 * epochs[0].loss
    assert epochs[-1].val_accuracy > 0.7


def test_the_mean_of_the_batches_is_the_epochs_loss(run):
    seen = published(run, TINY.changed(epochs=1))
    batches, (epoch,) = of_kind(seen, events.BatchEnded), of_kind(seen, events.EpochEnded)
    images = np.minimum([event.step * 64 for event in batches], 1437)
    weights = np.diff([0, *images])
    assert np.average([event.loss for event in batches], weights=weights) == pytest.approx(epoch.epoch.loss, rel=1e-4)


def test_batch_events_come_at_most_ten_times_a_second(run):
    seen = published(run, TINY.changed(epochs=3))
    batches = of_kind(seen, events.BatchEnded)
    active_s = of_kind(seen, events.RunEnded)[0].active_s
    assert len(batches) <= 10 * active_s + 3  # and one at each epoch's end


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tmp_path):
    def final_weights(name, recipe):
        folder = tmp_path / name
        published(TrainingJob(name, name, recipe, folder), recipe)
        return np.concatenate([each.ravel() for each in model.load_weights(weights_path(folder, recipe.epochs))])

    first, again = final_weights("a", TINY), final_weights("b", TINY)
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, final_weights("c", TINY.changed(seed=14)))


def split_digits():
    return datasets.split(datasets.load("digits"), validation_share=0.2, seed=13)


def test_batches_cover_every_image_once_an_epoch_in_a_new_order():
    cut = split_digits()
    plain = TINY.changed(rotation_deg=0, shift=0, zoom=0, shear_deg=0)
    feed = training_feed(plain, cut)
    assert feed.num_steps == NUM_STEPS

    def seen(step):
        rows = feed.rows(step, 1)
        x, y = batches(plain, feed.images, feed.digits, rows[None], step)
        np.testing.assert_array_equal(y.numpy()[0].argmax(1), feed.digits.numpy()[rows])
        return x.numpy()[0]

    epochs = [np.concatenate([seen(epoch * NUM_STEPS + step) for step in range(NUM_STEPS)]) for epoch in range(2)]
    expected = np.sort(cut.x_train.reshape(len(cut.x_train), -1).sum(1, dtype=np.int64))
    for epoch in epochs:
        np.testing.assert_array_equal(np.sort(np.rint(epoch * 255).sum((1, 2, 3)).astype(np.int64)), expected)
    assert not np.array_equal(*epochs)


def test_drawn_digits_join_the_training_and_validation_stays_real(run):
    recipe = TINY.changed(styles=1.5, epochs=1)
    feed = training_feed(recipe, split_digits())
    assert sorted(feed.rows(0, feed.num_steps)) == list(range(1437 + round(1.5 * 1437)))
    found = published(run, recipe)
    (started,) = of_kind(found, events.RunStarted)
    assert started.steps_per_epoch == feed.num_steps == 57 and started.num_validation == 360
    assert of_kind(found, events.RunEnded)[0].step == 57


def test_without_styles_only_real_images_are_seen():
    feed = training_feed(TINY, split_digits())
    assert sorted(feed.rows(0, feed.num_steps)) == list(range(1437))


def test_the_weights_do_not_depend_on_how_many_steps_a_call_takes():
    feed = training_feed(TINY, split_digits())
    first = NUM_STEPS - 4  # the last batch of that epoch is a smaller one
    rates = [1e-3, 2e-3, 3e-3, 4e-3, 5e-3, 6e-3]  # four steps, then two of the next epoch

    def learned(*calls):
        learner, figures = Learner(TINY), []
        for count in calls:
            figures.extend(learner.steps(feed, first + len(figures), rates[len(figures) : len(figures) + count]).tolist())
        return figures, np.concatenate([weights.ravel() for weights in learner.model.get_weights()])

    (figures, weights), *others = learned(*[1] * 6), learned(4, 2), learned(2, 2, 1, 1)
    assert [num_images for _, _, num_images in figures] == [64, 64, 64, 1437 - 22 * 64, 64, 64]
    for other in others:
        assert other[0] == figures
        np.testing.assert_array_equal(other[1], weights)


@pytest.mark.parametrize(
    ("step_s", "sizes"),
    [(1e-4, [1, 2, 4, 8, 16, 32, 32]), (0.011, [1, 2, 4, 8, 16, 18, 18]), (1.0, [1] * 7)],
    ids=["by the memory for their pictures", "by a fifth of a second", "to one"],
)
def test_calls_grow_as_far_as_they_may(monkeypatch, step_s, sizes):
    """As on a machine whose step takes `step_s`."""
    learner, now = Learner(TINY), [0.0]
    feed = Feed(np.zeros((32 * 512, 28, 28), np.uint8), np.zeros(32 * 512, np.uint8), batch_size=512, seed=0)
    monkeypatch.setattr("core.training.learner.time", SimpleNamespace(perf_counter=lambda: now[0]))

    def call(steps, feed, rows, first, rates):
        now[0] += step_s * len(rates)
        return np.zeros((len(rates), 3))

    monkeypatch.setattr(learner, "_call", call)
    seen = []
    for _ in sizes:
        seen.append(learner.at_once)
        learner.steps(feed, 0, [1e-3] * learner.at_once)
    assert seen == sizes


def test_compiled_as_for_a_gpu_it_learns_the_same():
    cut = split_digits()
    recipe = TINY.changed(batch_norm_momentum=0.9)
    feed = training_feed(recipe, cut)
    plain, compiled = Learner(recipe), Learner(recipe, compiled=True)
    expected = plain.steps(feed, NUM_STEPS - 3, [1e-3] * 3)  # the epoch's last batch is smaller
    np.testing.assert_allclose(compiled.steps(feed, NUM_STEPS - 3, [1e-3] * 3), expected, rtol=1e-3)
    for ours, theirs in zip(compiled.model.get_weights(), plain.model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-3)


def test_a_rehearsal_s_batches_hold_so_many_drawings_and_each_as_often_as_the_others():
    cut = split_digits()
    images, digits = cut.x_validation[:20], cut.y_validation[:20]
    feed = rehearsal(TINY.changed(batch_size=16), cut, images, digits, num_drawings=4, num_steps=10)
    rows = feed.rows(0, 10).reshape(10, 16)
    own = rows >= len(feed.digits) - 20
    assert feed.num_steps == 10 and (own.sum(axis=1) == 4).all()
    assert (np.bincount(rows[own] - (len(feed.digits) - 20), minlength=20) == 2).all()
    np.testing.assert_array_equal(feed.images.numpy()[-20:], images)
    assert len(set(rows[~own])) == 120  # each of the rest once


def test_stop_in_mid_epoch_scores_and_keeps_what_was_learned(run):
    control = Control()

    def stop_at_batch(event):
        if isinstance(event, events.BatchEnded):
            control.stop()

    seen = published(run, TINY.changed(epochs=50), control, stop_at_batch)
    (epoch,), (end,) = of_kind(seen, events.EpochEnded), of_kind(seen, events.RunEnded)
    assert epoch.epoch.partial and end.stopped and end.step < NUM_STEPS
    assert weights_path(run.folder, 1).exists()


def test_a_stop_while_scoring_ends_the_run_there(run):
    control = Control()

    def stop_at_validation(event):
        if isinstance(event, events.ValidationStarted):
            control.stop()

    seen = published(run, TINY.changed(epochs=50), control, stop_at_validation)
    assert [(event.epoch.epoch, event.epoch.partial) for event in of_kind(seen, events.EpochEnded)] == [(1, False)]


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_ends_the_run_at_that_batch_and_says_what_to_try(run, monkeypatch, loss):
    """Dead units keep a real network from overflowing on demand, so the learner is a stand-in: it takes one step, then eight."""

    def steps(learner, feed, first, rates):
        learner.at_once = 8
        return np.array([[loss if step == 6 else 2.0, 0.1, 64] for step in range(first, first + len(rates))])

    monkeypatch.setattr(Learner, "steps", steps)
    recipe = TINY.changed(schedule="one-cycle", learning_rate=0.3)
    rate = learning_rate(recipe, step=6, steps_per_epoch=NUM_STEPS)
    words = f"epoch 1, batch 7, at a learning rate of {rate:.2g}.* Try a learning rate of {rate / 3:.1g}"
    seen = []
    with pytest.raises(Diverged, match=words):
        train(dataclasses.replace(run, recipe=recipe), Control(), seen.append)
    assert not of_kind(seen, events.EpochEnded) and not of_kind(seen, events.RunEnded)


def graphs():
    """TensorFlow's graphs of functions that are alive: Keras keeps a plain one for the process."""
    gc.unfreeze()
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, tf.Graph) and type(each) is not tf.Graph]


def test_a_run_leaves_no_graph_behind(run):
    """Each is some ten megabytes, and a server trains hundreds of runs."""
    before, made = graphs(), []
    known = set(map(id, before))

    def look(event):
        if isinstance(event, events.EpochEnded):
            made.extend(weakref.ref(each) for each in graphs() if id(each) not in known)

    published(run, TINY.changed(epochs=1), on_event=look)
    gc.unfreeze()
    gc.collect()
    assert made, "the run's own graphs are not found while it trains"
    assert not [each() for each in made if each()]


def test_fewer_images_than_a_batch_is_told(run):
    with pytest.raises(TrainingError, match="1,437 images for training, fewer than one batch of 2,048"):
        published(run, TINY.changed(batch_size=2048))


def test_the_studio_trains_for_real_and_the_predictor_answers_as_the_run_did(tmp_path):
    studio = Studio(Store(tmp_path))
    predictor = Predictor(studio.store)
    run = until(studio, studio.submit(TINY), ended)
    images = validation_part(TINY).images / np.float32(255)
    np.testing.assert_allclose(predictor.probabilities(run, images, epoch=2), run.probabilities, atol=1e-4)
    assert not np.allclose(predictor.probabilities(run, images[:50], epoch=1), run.probabilities[:50], atol=1e-3)
    assert predictor.probabilities(run, images[:0]).shape == (0, 10)
    assert studio.close()
    studio.store.close()


def test_rows_left_out_shorten_the_training_part_and_leave_the_score_s_images_alone(run):
    rows = tuple(sorted(set(range(1797)) - set(validation_part(TINY).rows))[:512])
    seen = published(dataclasses.replace(run, left_out=rows), TINY.changed(epochs=1))
    (start,) = of_kind(seen, events.RunStarted)
    assert (start.steps_per_epoch, start.num_validation) == (NUM_STEPS - 8, 360)


def test_a_rate_that_is_changed_while_it_trains_holds_from_the_next_batch_on_and_is_told(run):
    control = Control()

    def once(event):
        if isinstance(event, events.ValidationStarted) and event.step == NUM_STEPS:
            control.set_rate(0.5)

    seen = published(run, TINY.changed(schedule="constant"), control, once)
    assert [(event.step, event.factor) for event in of_kind(seen, events.RateChanged)] == [(NUM_STEPS, 0.5)]
    assert [event.epoch.learning_rate for event in of_kind(seen, events.EpochEnded)] == [0.01, 0.005]


@pytest.mark.parametrize(
    ("rule", "words", "num_epochs"),
    [
        ({"stop_accuracy": 0.1}, "epoch 1 reads", 1),
        ({"stop_minutes": 1e-6}, "its 1e-06 minutes are over", 1),
        ({"stop_patience": 1, "learning_rate": 1e-6, "optimizer": "sgd", "seed": 3}, "has not come below", 2),
    ],
)
def test_a_rule_ends_the_run_and_says_so(run, rule, words, num_epochs):
    seen = published(run, TINY.changed(epochs=3, **rule))
    assert not seen[-1].stopped and words in seen[-1].message
    assert len(of_kind(seen, events.EpochEnded)) <= num_epochs
