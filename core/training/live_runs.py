"""Runs as they are now: folded from their events, written to the store, read by any thread under one lock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace

from core.errors import RunMissing, StoreError
from core.runs import events
from core.runs.snapshot import INTERRUPTED, RunSnapshot, fold
from core.store import Store
from core.training import failures

_log = logging.getLogger(__name__)
_MOST_WAITING = 50  # epochs of a run that could not be written yet: each holds half a megabyte
NUM_KEPT = 20  # runs that have ended and stay in memory; older ones are read from the store again


class LiveRuns:
    """The snapshots of a store's runs. `changed` is the lock, notified at each change. `on_end` is called under it with the id of
    each run that ends.
    """

    def __init__(self, store: Store, on_end: Callable[[str], None]) -> None:
        self.store = store
        self._on_end = on_end
        self.changed = threading.Condition()
        self._snapshots: dict[str, RunSnapshot] = {}
        self._last: str | None = None
        self.turn = 0  # counts the runs that were queued and those that have ended
        self._epochs_to_write: dict[str, list[RunSnapshot]] = {}  # each as it was at the end of an epoch, by run
        self._ends_to_write: dict[str, RunSnapshot] = {}
        self._left = store.processes.left_behind(at_start=True)
        try:
            if self._left:
                store.processes.mark_interrupted(self._left)
            store.bin.finish_emptying()
        except (StoreError, OSError) as error:  # a full disk or a read-only record: its runs can still be shown
            _log.warning("%s", error)

    def put(self, run: RunSnapshot) -> None:
        """Shows a run that has just been queued or adopted."""
        with self.changed:
            self._last = run.run_id
            self.turn += 1
            self._snapshots.pop(run.run_id, None)  # so that it counts as the newest
            self._snapshots[run.run_id] = run
            self.changed.notify_all()

    def snapshot(self, run_id: str) -> RunSnapshot:
        """The run as it is now, or as it was last written. Raises RunMissing."""
        with self.changed:
            if run_id in self._snapshots:
                return self._snapshots[run_id]
        loaded = self.store.runs.load(run_id)
        if loaded.active and run_id in self._left:
            loaded = replace(loaded, state=INTERRUPTED)
        if loaded.active:  # trained by another process, which goes on writing
            return loaded
        with self.changed:
            return self._snapshots.setdefault(run_id, loaded)

    def newest(self) -> RunSnapshot | None:
        """The run that was queued last, in any state; None before the first."""
        with self.changed:
            last = self._snapshots.get(self._last or "")
        if last:
            return last
        for run_id in self.store.runs.newest_ids():
            with suppress(RunMissing):  # its row is damaged, or it went into the bin just now
                return self.snapshot(run_id)
        return None

    def mark_ending(self, run_id: str) -> None:
        """Shows that somebody has asked the run to end."""
        with self.changed:
            self._snapshots[run_id] = replace(self._snapshots[run_id], ending=True)
            self.changed.notify_all()

    def publish(self, event: events.RunEvent) -> None:
        """Folds an event, writes it to the store if it must last, then shows it. On the one thread that trains the run.

        What cannot be written at the moment is kept, and written with what comes next or by `write_late`: the run goes on.
        """
        with self.changed:
            run = fold(self._snapshots[event.run_id], event)
        # Written before it is shown, so that whoever sees an epoch finds it in the store. The lock is free meanwhile: only this
        # thread folds, and others may set only the flag of `mark_ending`, the name and whose it is.
        if not isinstance(event, events.BatchEnded | events.DiskFull):
            run = replace(run, unwritten=self._write(run, epoch=isinstance(event, events.EpochEnded)))
        with self.changed:
            now = self._snapshots[event.run_id]
            ending = now.ending and run.active
            self._snapshots[event.run_id] = replace(run, ending=ending, name=now.name, person=now.person, hand_of=now.hand_of)
            if not run.active:
                self.turn += 1
                self._on_end(event.run_id)
                self._forget_old()
            self.changed.notify_all()

    def publish_end(self, run_id: str, kind: type[events.RunEvent], **figures: object) -> None:
        """Shows the end of a run."""
        now = self.snapshot(run_id)
        self.publish(events.stamped(kind, run_id, step=now.step, active_s=now.active_s, **figures))

    def write_late(self) -> None:
        """Writes the ends of runs that could not be written when they came. Any thread, again and again."""
        with self.changed:
            waiting = list(self._ends_to_write.values())
        for run in waiting:
            unwritten = self._write(run, epoch=False)
            with self.changed:
                now = self._snapshots.get(run.run_id)
                if now and not now.active and now.unwritten != unwritten:
                    self._snapshots[run.run_id] = replace(now, unwritten=unwritten)
                    self.changed.notify_all()

    def mark_left(self, run_ids: Collection[str]) -> None:
        """Records that other processes ended before these runs did. Raises StoreError."""
        self.store.processes.mark_interrupted(run_ids)
        with self.changed:
            self.changed.notify_all()

    def _write(self, run: RunSnapshot, *, epoch: bool) -> str:
        """Writes the run, after the epochs that wait to be written; gives why that cannot be done now, as a sentence, empty if it
        was done. Raises StoreError where too many epochs wait.
        """
        epochs = self._epochs_to_write.setdefault(run.run_id, [])
        if epoch:
            epochs.append(run)
        try:
            while epochs:
                self.store.runs.save_epoch(epochs[0])
                epochs.pop(0)
            if not epoch:
                self.store.runs.save_state(run)
        except Exception as error:
            if len(epochs) > _MOST_WAITING and run.active:
                raise
            if not run.active:
                with self.changed:
                    self._ends_to_write[run.run_id] = run
            why = failures.sentence(error)
            _log.warning("%s could not be written: %s", run.name, why)
            return why
        del self._epochs_to_write[run.run_id]
        with self.changed:
            self._ends_to_write.pop(run.run_id, None)
        return ""

    def wait(self, since: RunSnapshot, timeout_s: float | None = None) -> RunSnapshot:
        """The run's next snapshot after `since`; `since` itself if nothing changed within `timeout_s` or it has ended.

        Raises RunMissing.
        """
        with self.changed:
            # A run that has just ended may be forgotten before this thread gets the lock: it is read from the store then.
            self.changed.wait_for(lambda: not since.active or self._snapshots.get(since.run_id) is not since, timeout_s)
        return self.snapshot(since.run_id)

    def rename(self, run_id: str, name: str) -> None:
        """Shows a run under another name."""
        with self.changed:
            if run_id in self._snapshots:
                self._snapshots[run_id] = replace(self._snapshots[run_id], name=name)
                self.changed.notify_all()

    def hand_over(self, run_ids: Collection[str], person: str, hand_of: str) -> None:
        """Shows runs as another person's."""
        with self.changed:
            for run_id in self._snapshots.keys() & set(run_ids):
                self._snapshots[run_id] = replace(self._snapshots[run_id], person=person, hand_of=hand_of)
            self.changed.notify_all()

    def forget(self, run_ids: Collection[str]) -> None:
        """Takes runs that have ended out of memory."""
        with self.changed:
            for run_id in run_ids:
                self._snapshots.pop(run_id, None)
            if self._last in run_ids:
                self._last = None

    def _forget_old(self) -> None:
        ended = [run_id for run_id, run in self._snapshots.items() if not run.active and run_id not in self._ends_to_write]
        for run_id in ended[:-NUM_KEPT]:
            del self._snapshots[run_id]
