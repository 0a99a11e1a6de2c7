import pytest

from core.recipe import Recipe
from core.recipe.schedules import learning_rate


def rates(recipe, steps_per_epoch=10, val_losses=()):
    steps = range(recipe.epochs * steps_per_epoch)
    return [learning_rate(recipe, step=s, steps_per_epoch=steps_per_epoch, val_losses=val_losses) for s in steps]


def test_exponential_is_the_recipes_formula():
    found = rates(Recipe(epochs=12))
    assert found == pytest.approx([0.001 * 0.9 ** (step // 10) for step in range(120)])


def test_constant_stays():
    assert set(rates(Recipe(schedule="constant", epochs=3))) == {0.001}


def test_one_cycle_climbs_to_the_peak_at_30_percent_and_ends_near_nothing():
    found = rates(Recipe(schedule="one-cycle", learning_rate=0.01, epochs=10))
    peak = found.index(max(found))
    assert found[0] == pytest.approx(0.0004)
    assert max(found) == pytest.approx(0.01, rel=1e-3)
    assert peak == pytest.approx(30, abs=1)
    assert found[:peak] == sorted(found[:peak]) and found[peak:] == sorted(found[peak:], reverse=True)
    assert found[-1] < 1e-6


@pytest.mark.parametrize(
    ("val_losses", "expected"),
    [
        ([], 0.1),
        ([1.0, 0.9, 0.8, 0.7], 0.1),
        ([1.0, 1.0, 1.0], 0.05),
        ([1.0, 0.99995, 1.1], 0.05),  # better by less than 1e-4 is no better
        ([1.0, 1.1, 0.5, 0.6], 0.1),
        ([1.0, 2, 2, 2, 2], 0.025),
    ],
)
def test_plateau_waits_its_patience_as_keras_does(val_losses, expected):
    recipe = Recipe(schedule="plateau", learning_rate=0.1, plateau_factor=0.5, plateau_patience=2)
    assert learning_rate(recipe, step=99, steps_per_epoch=10, val_losses=val_losses) == pytest.approx(expected)


def test_plateau_equals_keras_callback():
    keras = pytest.importorskip("keras")
    losses = [1.0, 0.8, 0.9, 0.85, 0.79995, 0.81, 0.7, 0.7, 0.7, 0.7, 0.7]
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=3)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
    recipe = Recipe(schedule="plateau", learning_rate=0.1, plateau_factor=0.5, plateau_patience=3)
    ours = learning_rate(recipe, step=0, steps_per_epoch=1, val_losses=losses)
    assert ours == pytest.approx(float(model.optimizer.learning_rate))
