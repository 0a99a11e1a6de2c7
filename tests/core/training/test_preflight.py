from dataclasses import replace

import pytest

from core.recipe import ACTIVATIONS, Recipe, rules_of_thumb
from core.recipe.presets import PRESETS, preset
from core.runs.epoch import Epoch
from core.runs.summary import RunSummary
from core.training.preflight import findings, mended

BUILT_IN = 1437  # training images of the built-in digits
SPLIT = 33_600  # of the recipe split
SOUND = preset("quick", "digits").changed(optimizer="adam", learning_rate=0.008, epochs=6)


def row(recipe, *, name="quick-1", state="finished", **changes):
    best = Epoch(1, 0.1, 0.9, 0.1, 0.9, 0.001, 1.0, 100.0)
    made = RunSummary("r", 1, name, recipe, state, 0.0, 10.0, 360, recipe.epochs, best)
    return replace(made, **changes)


def kinds(recipe, num_images=BUILT_IN, **known):
    return [each.kind for each in findings(recipe, num_images, **known)]


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize(("dataset", "num_images"), [("digits", BUILT_IN), ("recipe-split", SPLIT), ("mnist", 48_000)])
def test_no_preset_is_warned_of_on_the_data_that_it_is_for(name, dataset, num_images):
    assert kinds(preset(name, dataset), num_images) == []


def test_the_published_recipe_on_the_built_in_digits_is_warned_of_and_mended_in_one_press():
    (found,) = findings(Recipe(), BUILT_IN)
    assert found.kind == "memory" and found.grave
    # 1437 images are 12 batches of 128; 12 epochs of them are 144 steps, and 1 / (1 - .99) = 100.
    assert found.sentence == "144 steps are too few for batch normalisation with momentum 0.99: it would score about 10%."
    assert found.mended == Recipe(batch_norm_momentum=0.9) and found.mend == "Set momentum 0.9"
    assert kinds(found.mended) == []


def test_a_run_of_many_steps_may_remember_long_and_one_without_batch_normalisation_anything():
    assert rules_of_thumb.remembers_too_long(Recipe(), 499) and not rules_of_thumb.remembers_too_long(Recipe(), 501)
    assert findings(Recipe(epochs=40), BUILT_IN)[0].sentence.endswith("0.99: validation would lag behind training.")
    assert "memory" not in kinds(Recipe(), SPLIT)
    assert "memory" not in kinds(Recipe(batch_norm=False))
    assert "memory" not in kinds(Recipe(), from_scratch=False), "a branch begins with running averages"


def test_sigmoid_without_batch_normalisation_is_warned_of_and_every_other_activation_is_not():
    bare = SOUND.changed(batch_norm=False)
    (found,) = findings(bare.changed(activation="sigmoid"), BUILT_IN)
    assert found.kind == "activation" and found.mend == "Set batch normalisation on"
    assert found.mended == SOUND.changed(activation="sigmoid") and kinds(found.mended) == []
    assert "activation" not in kinds(bare.changed(activation="sigmoid"), from_scratch=False)
    assert [each for each in ACTIVATIONS if kinds(bare.changed(activation=each))] == ["sigmoid"]


def test_few_images_are_warned_of_until_the_epochs_give_enough_steps():
    quick = preset("quick", "mnist")
    (found,) = findings(quick, 300)
    # Two whole batches of 128 and the rest, three times.
    assert found.kind == "steps" and found.grave and found.sentence == "9 steps are too few to learn much from 300 images."
    assert found.mend == "Set 54 epochs" and found.mended == quick.changed(epochs=54)
    assert kinds(found.mended, 300) == []
    assert kinds(quick, 3000) == [] and kinds(quick, 300, from_scratch=False) == []


@pytest.mark.parametrize(("num_steps", "momentum"), [(1, 0.5), (10, 0.5), (25, 0.8), (50, 0.9), (5000, 0.9)])
def test_the_momentum_fits_the_steps(num_steps, momentum):
    assert rules_of_thumb.fitting_momentum(num_steps) == pytest.approx(momentum)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rate": 0.5}, "A learning rate of 0.5 is more than Adam can take"),
        ({"optimizer": "sgd", "learning_rate": 0.9}, "more than SGD can take"),
        ({"learning_rate": 1e-6}, "A learning rate of 1e-06 is too small for 900 steps: Adam would hardly move the weights."),
    ],
)
def test_a_rate_that_the_optimiser_cannot_use_is_named_and_mended(changes, words):
    (found,) = findings(SOUND.changed(**changes), BUILT_IN)
    assert found.kind == "rate" and words in found.sentence
    assert kinds(found.mended) == []


def test_the_way_of_a_constant_rate_is_rate_times_steps():
    recipe = Recipe(schedule="constant", learning_rate=0.002)
    assert rules_of_thumb.way(recipe, 500) == pytest.approx(1.0)
    # Multiplied by 0.5 after each of two epochs of 100 steps: (1 + .5) / 2 of it.
    halved = Recipe(schedule="exponential", decay=0.5, learning_rate=0.01, epochs=2)
    assert rules_of_thumb.way(halved, 200) == pytest.approx(1.5, rel=0.02)


@pytest.mark.parametrize(
    ("batch", "num_images", "words"),
    [
        (2048, 1437, "A batch of 2,048 is more than the 1,437 training images: the run could not start."),
        (64, 64, "A batch of 64 is more than the 64 training images: each epoch would be a single step."),
    ],
)
def test_a_batch_larger_than_an_epoch_is_named_and_mended(batch, num_images, words):
    found = findings(Recipe(batch_size=batch), num_images)[0]
    assert found.kind == "batch" and found.sentence.startswith(words[:50])
    assert found.mended.batch_size <= num_images // 2
    assert "batch" not in kinds(found.mended, num_images)


def test_a_time_limit_that_the_forecast_exceeds_is_met_with_fewer_epochs_else_with_more_minutes():
    limited = SOUND.changed(stop_minutes=1.0)  # of six epochs
    assert kinds(limited, seconds=50.0) == [] and kinds(limited) == [], "there is no forecast"
    (found,) = findings(limited, BUILT_IN, seconds=120.0)
    assert found.sentence == (
        "It needs about 2 min, and its time limit is 1 min: it would end in epoch 3 of 6, before its learning rate comes down."
    )
    assert found.mended.epochs == 2 and found.mend == "Set 2 epochs"
    (found,) = findings(limited.changed(epochs=1), BUILT_IN, seconds=120.0)
    assert found.mended.stop_minutes == 3.0 and found.mended.epochs == 1


def test_the_same_recipe_and_seed_once_more_is_named_while_it_trains_and_after():
    for state in ("queued", "running"):
        (found,) = findings(SOUND, BUILT_IN, past=[row(SOUND, state=state, num_epochs=0)])
        assert found.kind == "again" and not found.grave
        assert found.sentence == "Same recipe and seed as quick-1: same result."
    (found,) = findings(SOUND, BUILT_IN, past=[row(SOUND), row(SOUND.changed(seed=14))])
    assert found.sentence == "Same recipe and seed as quick-1: same result."
    assert found.mended == SOUND.changed(seed=15), "14 was taken"


@pytest.mark.parametrize(
    "other",
    [
        row(SOUND.changed(seed=14)),
        row(SOUND, state="stopped"),
        row(SOUND, num_epochs=3),
        row(SOUND, parent_id="a", parent_epoch=2),
        row(SOUND, rate_changes=((5, 0.5),)),
    ],
    ids=["another seed", "stopped", "ended by a rule", "a branch", "rate changed by hand"],
)
def test_a_run_that_came_out_otherwise_is_not_repeated(other):
    assert kinds(SOUND, past=[other]) == []


def test_with_label_faults_left_out_a_past_run_is_not_the_same_as_they_may_be_others_now():
    recipe = SOUND.changed(leave_out_faults=True)
    assert kinds(recipe, past=[row(recipe)]) == []
    assert kinds(recipe, past=[row(recipe, state="running")]) == ["again"]


@pytest.mark.parametrize(
    ("recipe", "num_images"),
    [
        (Recipe(batch_size=2048, learning_rate=0.9, stop_minutes=1.0), 1437),
        (Recipe(batch_size=512, learning_rate=1e-6, epochs=1), 600),
        (Recipe(epochs=1), 8),
        (Recipe(optimizer="sgd", learning_rate=1e-6, epochs=1), 100),
    ],
)
def test_what_is_mended_is_not_warned_of_again(recipe, num_images):
    past = [row(recipe)]
    good = mended(recipe, num_images, seconds=3000.0, past=past)
    assert [each.kind for each in findings(good, num_images, past=past)] in ([], ["batch"])
