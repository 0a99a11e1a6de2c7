"""Random presses from several threads: every snapshot is one that the rules allow, and no thread is left behind."""

import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.errors import DigitLabError
from core.recipe import Recipe
from core.runs.snapshot import ACTIVE_STATES, RUNNING_STATES
from core.store import Store
from core.training.studio import Studio
from tests.fakes import SOON_S, ScriptedTrainer

NUM_HANDS = 4
NUM_PRESSES = 100
ENDED = ("finished", "stopped")  # nothing fails here
CHOICE = st.integers(0, 10**6)


class Presses(RuleBasedStateMachine):
    """Each rule hands its press to one of four threads and does not wait for it; the invariants look in between."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.trainer = ScriptedTrainer()
        self.studio = Studio(Store(Path(self.folder.name)), self.trainer)
        self.hands = ThreadPoolExecutor(NUM_HANDS, thread_name_prefix="hand")
        self.pressed, self.run_ids, self.seen, self.revived = [], [], {}, set()

    def press(self, action, *arguments):
        self.pressed.append(self.hands.submit(action, *arguments))

    def one(self, choice):
        return self.run_ids[choice % len(self.run_ids)] if self.run_ids else "nobody"

    def _start(self, epochs):
        self.run_ids.append(self.studio.submit(Recipe(epochs=epochs)).run_id)

    def _go_on(self, run_id):
        self.revived.add(run_id)
        try:
            self.studio.go_on(run_id, more_epochs=1)
        except DigitLabError:
            pass  # it trains, or is whole already

    @initialize(epochs=st.lists(st.integers(1, 3), min_size=5, max_size=9))
    def a_class_presses_start(self, epochs):
        for each in epochs:
            self.press(self._start, each)

    @rule(epochs=st.integers(1, 3))
    def start(self, epochs):
        self.press(self._start, epochs)

    @rule(choice=CHOICE)
    def pause(self, choice):
        self.press(self.studio.pause, self.one(choice))

    @rule(choice=CHOICE)
    def resume(self, choice):
        self.press(self.studio.resume, self.one(choice))

    @rule(choice=CHOICE)
    def stop_or_cancel(self, choice):
        self.press(self.studio.stop, self.one(choice))

    @rule(choice=CHOICE, place=st.integers(-1, 9))
    def reorder(self, choice, place):
        self.press(self.studio.move, self.one(choice), place)

    @rule(choice=CHOICE)
    def go_on(self, choice):
        self.press(self._go_on, self.one(choice))

    @rule(choice=CHOICE, factor=st.sampled_from([0.1, 1.0, 10.0]))
    def change_the_rate(self, choice, factor):
        self.press(self.studio.set_rate, self.one(choice), factor)

    @rule(number=st.integers(1, 3))
    def let_so_many_train(self, number):
        self.press(self.studio.set_at_once, number)

    @rule(num_steps=st.integers(1, 30))
    def time_passes(self, num_steps):
        for each in self.pressed:
            each.result(SOON_S)
        self.trainer.step_allowed.release(num_steps)

    @invariant()
    def the_line_is_one_that_the_rules_allow(self):
        queue = self.studio.queue()
        ids = [run.run_id for run in queue.runs]
        assert len(ids) == len(set(ids)), "a run stands in the queue twice"
        assert len(queue.running) <= 3
        assert all(run.state == "queued" and not run.epochs or run.run_id in self.revived for run in queue.waiting)
        assert all(run.state in ACTIVE_STATES for run in queue.running)

    @invariant()
    def every_snapshot_follows_from_the_one_before(self):
        for run_id in list(self.run_ids):
            before, now = self.seen.get(run_id), self.studio.snapshot(run_id)
            assert now.state in (*ACTIVE_STATES, *ENDED) and not (now.ending and now.state in ENDED)
            assert len(now.epochs) <= now.recipe.epochs and now.step <= 10 * now.recipe.epochs
            assert [epoch.epoch for epoch in now.epochs] == list(range(1, len(now.epochs) + 1))
            assert now.state != "finished" or len(now.epochs) == now.recipe.epochs
            if before and run_id not in self.revived:
                assert before.state not in ENDED or now is before, "an ended run changed"
                assert now.step >= before.step and now.epochs[: len(before.epochs)] == before.epochs
                assert before.state not in RUNNING_STATES or now.state != "queued", "a run went back into the line"
            self.seen[run_id] = now

    def teardown(self):
        self.hands.shutdown()
        for each in self.pressed:
            each.result()
        self.every_snapshot_follows_from_the_one_before()
        assert self.studio.close(SOON_S), "a training thread was left behind"
        deadline = time.monotonic() + SOON_S
        for thread in threading.enumerate():
            if thread.name == "digitlab-training":
                thread.join(max(0.0, deadline - time.monotonic()))
        assert not [thread for thread in threading.enumerate() if thread.name == "digitlab-training"]
        assert not self.studio.queue().runs, "somebody still stands in the queue"
        states = {run_id: self.studio.store.runs.load(run_id).state for run_id in self.run_ids}
        assert set(states.values()) <= set(ENDED), f"the record says otherwise: {states}"
        self.studio.store.close()
        self.folder.cleanup()


TestPresses = Presses.TestCase
TestPresses.settings = settings(
    max_examples=3, stateful_step_count=NUM_PRESSES, deadline=None, suppress_health_check=list(HealthCheck)
)
