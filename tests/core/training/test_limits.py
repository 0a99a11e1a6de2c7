import threading

import pytest

from core.errors import LimitReached, SettingError
from core.network import model
from core.recipe import Recipe
from core.runs.paths import weights_path
from core.system.settings import upload_mb
from core.training.limits import Limits
from core.training.studio import Studio
from tests.fakes import SOON_S, ScriptedTrainer, ended, until
from tests.runs import trained


@pytest.fixture
def studio(store):
    made = Studio(store, ScriptedTrainer(), Limits(runs_in_queue=2, epochs=20))
    yield made
    assert made.close(SOON_S)


def test_a_person_s_runs_in_queue_are_bounded_and_others_have_their_own(studio):
    first, _ = (studio.submit(Recipe(), "Ana") for _ in range(2))
    with pytest.raises(LimitReached, match="^You have 2 runs in the queue; on this server 2 are allowed. Wait until"):
        studio.submit(Recipe(), "Ana")
    studio.submit(Recipe(), "Ben")
    studio.stop(first.run_id)
    until(studio, first, ended)
    studio.submit(Recipe(), "Ana")
    with pytest.raises(LimitReached):
        studio.go_on(first.run_id)
    assert len(studio.store.runs.all()) == 4


def test_those_without_a_name_share_one_allowance_and_are_told_so(studio):
    for _ in range(2):
        studio.submit(Recipe())
    with pytest.raises(
        LimitReached, match="People without a name share one allowance and have 2 runs in the queue.* or give your name.$"
    ):
        studio.submit(Recipe())


@pytest.mark.parametrize("queue", ["submit", "branch"])
def test_of_twelve_who_press_at_once_as_many_get_in_as_are_allowed(store, queue):
    studio = Studio(store, ScriptedTrainer(), Limits(runs_in_queue=3))
    parent = trained(store)
    model.save_weights(model.build(parent.recipe).get_weights(), weights_path(store.runs.folder(parent.run_id), 1))
    together, refused = threading.Barrier(12), []

    def press():
        together.wait(SOON_S)
        try:
            if queue == "submit":
                studio.submit(parent.recipe, "Ana")
            else:
                studio.branch(parent.run_id, 1, parent.recipe, "Ana")
        except LimitReached as error:
            refused.append(error)

    people = [threading.Thread(target=press) for _ in range(12)]
    for each in people:
        each.start()
    for each in people:
        each.join(SOON_S)
    assert len(store.runs.all()) == 1 + 3 and len(refused) == 9
    assert studio.close(SOON_S)


def test_who_goes_on_with_another_s_run_is_told_whose_limit_is_reached(studio):
    first, _ = (studio.submit(Recipe(), "Ana") for _ in range(2))
    studio.stop(first.run_id)
    until(studio, first, ended)
    studio.submit(Recipe(), "Ana")
    with pytest.raises(LimitReached, match="^Ana, whose run this is, has 2 runs in the queue; .* Wait until one has ended.$"):
        studio.go_on(first.run_id, asked_by="Ben")


def test_epochs_are_bounded(studio):
    with pytest.raises(LimitReached, match="asks for 21 epochs; on this server a run may have up to 20. Choose fewer."):
        studio.submit(Recipe(epochs=21))
    assert not studio.store.runs.all()


def test_the_environment_sets_the_limits_and_none_is_set_by_default(monkeypatch):
    assert Limits.from_environment() == Limits(1, None, None) and upload_mb() == 400
    monkeypatch.setenv("DIGITLAB_RUNS_AT_ONCE", "2")
    monkeypatch.setenv("DIGITLAB_MAX_RUNS_IN_LINE", "3")
    monkeypatch.setenv("DIGITLAB_MAX_EPOCHS", " 20 ")
    monkeypatch.setenv("DIGITLAB_MAX_UPLOAD_MB", "50")
    assert Limits.from_environment() == Limits(2, 3, 20) and upload_mb() == 50


@pytest.mark.parametrize("text", ["0", "-1", "many", "2.5", "9999999"])
def test_a_setting_that_is_no_number_is_told_by_its_name(monkeypatch, text):
    monkeypatch.setenv("DIGITLAB_MAX_EPOCHS", text)
    with pytest.raises(SettingError, match=f"DIGITLAB_MAX_EPOCHS is '{text}'; it must be a whole number from 1 on."):
        Limits.from_environment()
