import keras
import numpy as np

from core.network.keras_internals import sum_no_replicas


def test_keras_still_sums_gradients_over_replicas_by_the_method_that_is_replaced(monkeypatch):
    weight = keras.Variable(np.zeros(3, np.float32))
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.build([weight])
    summed = []
    monkeypatch.setattr(optimizer, "_all_reduce_sum_gradients", lambda pairs: summed.append(pairs) or pairs)
    optimizer.apply_gradients([(np.ones(3, np.float32), weight)])
    assert summed, "apply_gradients no longer calls it"


def test_without_the_sum_a_step_is_the_same():
    steps = []
    for made in (keras.optimizers.SGD(1.0), sum_no_replicas(keras.optimizers.SGD(1.0))):
        weight = keras.Variable(np.zeros(3, np.float32))
        made.build([weight])
        made.apply_gradients([(np.ones(3, np.float32), weight)])
        steps.append(weight.numpy())
    np.testing.assert_array_equal(steps[0], steps[1])
    np.testing.assert_array_equal(steps[1], np.full(3, -1, np.float32))
