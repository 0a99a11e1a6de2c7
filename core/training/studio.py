"""Where runs are submitted and steered. Any thread may call; each run trains on a thread of its own when its turn comes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import partial

from core.errors import DigitLabError, RunMissing, StoreError, TrainingError
from core.recipe import Recipe
from core.recipe.presets import preset_name
from core.runs import events, lineage
from core.runs.answering import best_run
from core.runs.snapshot import RunSnapshot
from core.store import Claimed, Store
from core.store.processes import ALIVE_EVERY_S
from core.system import memory
from core.training import forecast, worker
from core.training.control import Control
from core.training.job import Train
from core.training.limits import Limits
from core.training.live_runs import LiveRuns
from core.training.queue import Queue, QueueState

_log = logging.getLogger(__name__)


class Studio:
    """Trains submitted recipes in turn. `train` is `trainer.train`, or a stand-in with its signature.

    A `person` is a name, empty if none was given.
    """

    def __init__(self, store: Store, train: Train | None = None, limits: Limits | None = None) -> None:
        self.store = store
        self._train = train or partial(worker.import_and_train, store)
        self._limits = limits or Limits()
        self._live_runs = LiveRuns(store, self._ended)
        self._changed = self._live_runs.changed
        self._admission = threading.Lock()  # a limit is checked and the run queued by one person at a time
        self._queue = Queue(self._limits.runs_at_once)
        self._controls: dict[str, Control] = {}  # of the runs that wait or train
        self._threads: set[threading.Thread] = set()
        self._closing = False
        self._ended_for_good = threading.Event()
        self._tending = threading.Thread(target=self._tend_on, name="digitlab-tending", daemon=True)
        self._tending.start()

    def submit(self, recipe: Recipe, person: str = "", hand_of: str = "") -> RunSnapshot:
        """Queues a run; it starts at once if there is room. Its epochs are scored on the drawings of `hand_of`, by default the
        person's. Raises LimitReached.
        """
        with self._admission:
            self._limits.check(recipe, person, self._num_in_queue(person))
            kind, expected_s = preset_name(recipe), self._expected_s(recipe)
            return self._enqueue(self.store.runs.create(recipe, kind, person=person, hand_of=hand_of, expected_s=expected_s))

    def go_on(self, run_id: str, more_epochs: int = 0, asked_by: str | None = None) -> RunSnapshot:
        """Queues an ended run to continue after its last epoch: an interrupted one to its recipe's end, a finished one for
        `more_epochs`. It counts as its own person's, whoever asked. Raises DigitLabError if it cannot continue.
        """
        with self._admission, self._changed:  # two calls at once would queue it twice
            run = lineage.reopened(self.snapshot(run_id), more_epochs)
            self._limits.check(run.recipe, run.person, self._num_in_queue(run.person), asked_by)
            self.store.processes.reopen(run)
            return self._enqueue(run)

    def branch(self, run_id: str, epoch: int, recipe: Recipe, person: str = "", hand_of: str = "") -> RunSnapshot:
        """Queues a new run that starts from another's weights after `epoch`, 0 for its start, with a fresh optimiser. Raises
        DigitLabError if the weights do not fit the recipe.
        """
        parent = self.snapshot(run_id)
        lineage.check_branch(parent, epoch, recipe)
        with self._admission:
            self._limits.check(recipe, person, self._num_in_queue(person))
            try:
                began_with, kind = (run_id, epoch), preset_name(recipe)
                made = self.store.runs.create(
                    recipe, kind, parent=began_with, person=person, hand_of=hand_of, expected_s=self._expected_s(recipe)
                )
            except FileNotFoundError:
                raise RunMissing(f"The weights of {parent.name} after epoch {epoch} are gone. Choose another epoch.") from None
            return self._enqueue(made)

    def go_back(self, run_id: str, person: str = "", hand_of: str = "") -> RunSnapshot:
        """Queues a branch of a run that diverged, from its best epoch, with a third of the learning rate."""
        return self.branch(run_id, *lineage.gentler(self.snapshot(run_id)), person, hand_of)

    def adopt(self, run: RunSnapshot, happened: Sequence[events.RunEvent]) -> RunSnapshot:
        """Records a run that was made outside the queue, from the events that `happened` up to its end; it counts as the newest.

        Raises StoreError.
        """
        self._live_runs.put(run)
        for event in happened:
            self._live_runs.publish(event)
        return self.snapshot(run.run_id)

    def pause(self, run_id: str) -> None:
        """Pauses the run before its next steps. No effect on a run that has ended."""
        if control := self._controls.get(run_id):
            control.pause()

    def resume(self, run_id: str) -> None:
        """A paused run continues."""
        if control := self._controls.get(run_id):
            control.resume()

    def set_rate(self, run_id: str, factor: float) -> None:
        """From its next steps on, the run's learning rate is `factor` times its schedule's. Raises RecipeError."""
        if control := self._controls.get(run_id):
            control.set_rate(factor)

    def stop(self, run_id: str) -> None:
        """A training run ends after its current steps and is scored as it is; a waiting one leaves the queue at once."""
        with self._changed:
            if (control := self._controls.get(run_id)) is None:
                return
            control.stop()
            waited = self._queue.leave(run_id)
            if not waited:
                self._live_runs.mark_ending(run_id)
        if waited:
            self._live_runs.publish_end(run_id, events.RunEnded, stopped=True)

    def move(self, run_id: str, place: int) -> None:
        """Moves a waiting run to `place` in the queue, from 1. No effect on one that trains or has ended."""
        with self._changed:
            self._queue.move(run_id, place)
            self._changed.notify_all()

    def set_at_once(self, number: int) -> None:
        """From now on `number` runs may train at the same time, at least 1; those that train continue."""
        with self._changed:
            self._queue.at_once = max(1, number)
            self._start_waiting()
            self._changed.notify_all()

    def queue(self) -> QueueState:
        """The runs that train and those that wait."""
        with self._changed:
            running, waiting = (tuple(map(self._live_runs.snapshot, ids)) for ids in (self._queue.running, self._queue.waiting))
            return QueueState(running, waiting, self._queue.at_once)

    def current(self) -> RunSnapshot | None:
        """The run that trains, the oldest of several; else the next in the queue, else None."""
        return next(iter(self.queue().runs), None)

    def snapshot(self, run_id: str) -> RunSnapshot:
        """The run as it is now, or as it was last written. Raises RunMissing."""
        return self._live_runs.snapshot(run_id)

    @property
    def turn(self) -> int:
        """Another number after each run that was queued or has ended: by it an idle page tells whether there is news."""
        return self._live_runs.turn

    def newest(self) -> RunSnapshot | None:
        """The run that was submitted or continued last, in any state; None before the first."""
        return self._live_runs.newest()

    def best(self, dataset: str) -> RunSnapshot | None:
        """The best run that has ended on this data set, else on that of the newest one; None before the first."""
        row = best_run(self.store.runs.all(), dataset)
        return self.snapshot(row.run_id) if row else None

    def wait(self, since: RunSnapshot, timeout_s: float | None = None) -> RunSnapshot:
        """The run's next snapshot after `since`; `since` itself if nothing changed within `timeout_s` or it has ended."""
        return self._live_runs.wait(since, timeout_s)

    def annotate(
        self, run_id: str, *, name: str | None = None, tags: Sequence[str] | None = None, note: str | None = None
    ) -> None:
        """Changes what is not None, all or nothing, also while the run trains. Raises DigitLabError for values it cannot have."""
        kept = self.store.annotations.change(run_id, name=name, tags=tags, note=note)
        if kept is not None:
            with self._changed:
                self._live_runs.rename(run_id, kept)

    def claim(self, number: str, name: str) -> Claimed:
        """Puts the drawings and runs of `number`, "#" and a browser's number, under a name, also while one trains. Raises
        StoreError.
        """
        with self._changed:
            claimed = self.store.claims.claim(number, name)
            self._live_runs.hand_over(claimed.run_ids, name, name)
        return claimed

    def give_back(self, claimed: Claimed) -> None:
        """Undoes a claim. Raises StoreError."""
        with self._changed:
            self.store.claims.give_back(claimed)
            self._live_runs.hand_over(claimed.run_ids, "", claimed.number)

    def throw_away(self, run_ids: Collection[str]) -> None:
        """Moves ended runs to the bin. Raises DigitLabError and moves none if one still waits or trains."""
        with self._changed:
            if training := next((run_id for run_id in run_ids if run_id in self._controls), None):
                raise TrainingError(f"{self.snapshot(training).name} is still training. Stop it first, then delete it.")
            self.store.bin.put(run_ids)
            self._live_runs.forget(run_ids)

    def tend(self) -> None:
        """Says that this process lives, writes what could not be written before, and takes note of runs that other processes left
        behind. Called every few seconds; raises nothing.
        """
        try:
            self._live_runs.write_late()
            with self._changed:
                training = bool(self._controls)
            if training:
                self.store.processes.say_alive()
            if left := self.store.processes.left_behind():
                self._live_runs.mark_left(left)
        except StoreError as error:  # the record is away: the next call tries again
            _log.debug("%s", error)
        except Exception:
            _log.exception("tending the record failed")

    def _tend_on(self) -> None:
        while not self._ended_for_good.wait(ALIVE_EVERY_S):
            self.tend()

    def close(self, timeout_s: float = 10.0) -> bool:
        """Empties the queue, stops what trains and waits for the threads; False, with a log line, if one did not end."""
        self._ended_for_good.set()
        with self._changed:
            self._closing = True
            threads, run_ids = list(self._threads), list(self._controls)
        for run_id in run_ids:
            self.stop(run_id)
        deadline = time.monotonic() + timeout_s
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._tending.join(max(0.0, deadline - time.monotonic()))
        self._live_runs.write_late()
        ended = not any(thread.is_alive() for thread in threads)
        if not ended:
            _log.error("a training thread did not end within %s s", timeout_s)
        return ended

    def _expected_s(self, recipe: Recipe) -> float:
        """What is forecast for the recipe now, 0 where nothing is known."""
        with suppress(DigitLabError):  # data that are gone or damaged: the run itself says so
            return forecast.seconds(recipe, self.store, self.store.runs.all()) or 0.0
        return 0.0

    def _num_in_queue(self, person: str) -> int:
        with self._changed:
            return sum(self._live_runs.snapshot(run_id).person == person for run_id in self._controls)

    def _enqueue(self, run: RunSnapshot) -> RunSnapshot:
        with self._changed:
            self._controls[run.run_id] = Control()
            self._live_runs.put(run)
            self._queue.add(run.run_id)
            self._start_waiting()
        return run

    def _start_waiting(self) -> None:
        while not self._closing and (run_id := self._queue.take()):
            thread = threading.Thread(target=self._work, args=(run_id,), name="digitlab-training", daemon=True)
            self._threads.add(thread)
            thread.start()

    def _work(self, run_id: str) -> None:
        with self._changed:
            run, control = self._live_runs.snapshot(run_id), self._controls[run_id]
        worker.train_guarded(run, control, self._train, self._live_runs)
        memory.settle()  # the run's model is full of reference cycles, which are collected only here
        with self._changed:
            self._threads.discard(threading.current_thread())
            self._queue.free(run_id)
            self._start_waiting()

    def _ended(self, run_id: str) -> None:
        self._controls.pop(run_id, None)
        self._queue.end(run_id)
