"""A real, tiny network that learns from drawings of another hand: its own images, upside down."""

import dataclasses

import numpy as np
import pytest

from core import datasets
from core.drawing.labelled import Hand
from core.errors import RunMissing, TrainingError
from core.network.predictor import Predictor
from core.runs import lineage
from core.store import Store
from core.training import fine_tuning
from core.training.studio import Studio
from tests.fakes import SOON_S, ended, until
from tests.runs import TINY


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A studio with one trained run, and 120 labelled drawings in its store from before it."""
    studio = Studio(Store(tmp_path_factory.mktemp("learning")))
    digits = datasets.load("digits")
    studio.store.drawings.add_many(digits.images[:120, ::-1], digits.labels[:120])
    recipe = TINY.changed(filters_1=8, filters_2=16, filters_3=16, filters_4=16, epochs=4)
    run = until(studio, studio.submit(recipe), ended, patience_s=10 * SOON_S)  # a real network, on what may be a busy machine
    yield studio, run
    assert studio.close()
    studio.store.close()


@pytest.fixture(scope="module")
def tuned(lab):
    studio, run = lab
    return fine_tuning.learn(studio.store, run, studio.store.drawings.hand(), lambda share, doing: None)


def test_each_epoch_of_a_later_run_is_scored_on_the_drawings(lab):
    studio, run = lab
    hand = studio.store.drawings.hand()
    for epoch in (1, 4):
        read = Predictor(studio.store).probabilities(run, hand.images / np.float32(255), epoch=epoch).argmax(axis=1)
        assert run.epochs[epoch - 1].hand_accuracy == pytest.approx(np.mean(read == hand.digits))
    written = studio.store.runs.load(run.run_id)
    assert (written.epochs, written.num_hand) == (run.epochs, 120)


def test_it_reads_the_other_hand_better_and_does_not_forget(tuned):
    assert tuned.hand.num_images == 60 and len(tuned.learned) == 60
    assert tuned.hand.after.share > tuned.hand.before.share and tuned.hand.p < 0.05
    assert tuned.validation.after.share > tuned.validation.before.share - 0.1
    assert tuned.validation.before.low < tuned.validation.before.share < tuned.validation.before.high


def test_what_is_kept_is_a_run_of_its_own_that_answers_as_it_was_measured(lab, tuned):
    studio, parent = lab
    child = fine_tuning.keep(studio, tuned)
    assert child.name == f"hand-{studio.store.runs.all()[0].number}"
    assert studio.store.runs.all()[0].parent_id == parent.run_id and studio.newest().run_id == child.run_id
    hand = studio.store.drawings.hand().without(studio.store.learned_drawings.of(child.run_id))
    answers = Predictor(studio.store).probabilities(child, hand.images / np.float32(255))
    share = np.mean(answers.argmax(axis=1) == hand.digits)
    assert share == pytest.approx(tuned.hand.after.share) and tuned.hand.after.share == child.epochs[0].hand_accuracy
    written = studio.store.runs.load(child.run_id)
    assert (written.state, written.num_hand, written.epochs) == ("finished", 60, child.epochs)
    assert not lineage.can_be_longer(written) and not lineage.can_resume(written)
    np.testing.assert_array_equal(written.probabilities, tuned.probabilities)
    assert studio.store.runs.all()[0].hand == (round(60 * tuned.hand.after.share), 60)
    studio.throw_away([child.run_id])
    studio.store.bin.empty()
    assert not studio.store.learned_drawings.of(child.run_id) and len(studio.store.drawings.hand()) == 120


def test_a_parent_that_is_gone_meanwhile_is_told(lab, tuned):
    studio, parent = lab
    with pytest.raises(RunMissing, match="has been deleted meanwhile"):
        fine_tuning.keep(studio, dataclasses.replace(tuned, parent=dataclasses.replace(parent, run_id="gone")))
    assert studio.newest().run_id == parent.run_id


@pytest.mark.parametrize(("count", "learned"), [(19, ()), (25, range(6))])
def test_too_few_drawings_are_refused_in_a_sentence(count, learned):
    hand = Hand(np.zeros((count, 28, 28), np.uint8), np.zeros(count, np.uint8), tuple(map(str, range(count))))
    assert "and there are 19:" in fine_tuning.shortage(hand, frozenset(map(str, learned)))
    assert not fine_tuning.shortage(hand.part(np.arange(19).repeat(2)), frozenset())


def test_a_run_that_trains_is_refused(lab):
    studio, run = lab
    with pytest.raises(TrainingError, match="still training"):
        fine_tuning.learn(studio.store, dataclasses.replace(run, state="running"), studio.store.drawings.hand(), None)


def test_a_cancel_ends_it(lab):
    studio, run = lab

    def report(share, doing):
        if doing == "learning":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fine_tuning.learn(studio.store, run, studio.store.drawings.hand(), report)
