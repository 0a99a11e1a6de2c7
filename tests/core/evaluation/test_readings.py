import numpy as np

from core.drawing.labelled import Hand
from core.evaluation.readings import Readings
from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot

RUN = RunSnapshot("r", "quick-1", Recipe())


class Nines:
    """A network that reads a nine in everything, and counts what it is asked."""

    def __init__(self):
        self.asked = []

    def probabilities(self, run, images, *, epoch):
        self.asked.append((epoch, len(images)))
        return np.eye(10, dtype=np.float32)[np.full(len(images), 9)]


def hand(*digests):
    return Hand(np.zeros((len(digests), 28, 28), np.uint8), np.zeros(len(digests), np.uint8), digests)


def test_what_was_shown_is_known_without_asking_the_network_for_that_epoch_alone():
    network = Nines()
    readings = Readings(network)
    readings.add(RUN, 3, "a", 7)
    assert readings.known(RUN, 3, hand("a")).tolist() == [7] and not network.asked
    assert readings.read(RUN, 3, hand("a", "b")).tolist() == [7, 9]
    assert readings.read(RUN, 4, hand("a")).tolist() == [9]
    assert network.asked == [(3, 1), (4, 1)]


def test_the_networks_asked_last_are_remembered():
    readings = Readings(Nines())
    for epoch in range(1, 34):
        readings.add(RUN, epoch, "a", 7)
        readings.known(RUN, 1, hand("a"))
    assert readings.known(RUN, 1, hand("a")) is not None and readings.known(RUN, 2, hand("a")) is None
