"""Runs as they are now: folded from their events, written to the store, read by any thread under one lock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import replace

from core.errors import StoreError
from core.runs import events
from core.runs.snapshot import INTERRUPTED, RunSnapshot, fold
from core.store import Store

_log = logging.getLogger(__name__)
NUM_KEPT = 20  # of runs that have ended; others are read from the store again


class LiveRuns:
    """The snapshots of a store's runs. `changed` is the lock, and is notified at each change; under it, `on_end` is called with
    the id of each run that ends.
    """

    def __init__(self, store: Store, on_end: Callable[[str], None]) -> None:
        self.store = store
        self._on_end = on_end
        self.changed = threading.Condition()
        self._snapshots: dict[str, RunSnapshot] = {}
        self._last: str | None = None
        self._left = store.processes.left_behind()
        try:
            if self._left:
                store.processes.mark_interrupted(self._left)
        except StoreError as error:  # a full disk, or a record that may only be read: what is there can be looked at all the same
            _log.warning("%s", error)

    def put(self, run: RunSnapshot) -> None:
        """Shows a run that has just been queued or adopted."""
        with self.changed:
            self._last = run.run_id
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
        """The run that was queued last, whatever became of it; None before the first."""
        with self.changed:
            last = self._snapshots.get(self._last or "")
        if last:
            return last
        run_id = self.store.runs.newest_id()
        return self.snapshot(run_id) if run_id else None

    def mark_ending(self, run_id: str) -> None:
        """The run is about to end: somebody has asked it to."""
        with self.changed:
            self._snapshots[run_id] = replace(self._snapshots[run_id], ending=True)
            self.changed.notify_all()

    def publish(self, event: events.RunEvent) -> None:
        """Folds an event and writes what has to last. On the one thread that works on the run."""
        with self.changed:
            run = fold(self._snapshots[event.run_id], event)
        # Written before it is shown, so that whoever sees an epoch finds it in the store. The lock is free meanwhile:
        # only this thread folds, and in between others may set nothing but the flag of `mark_ending` and the name. An epoch that
        # could not be written is not shown: the run breaks off, and may go on from the epoch before.
        shown = not run.active
        try:
            if isinstance(event, events.EpochEnded):
                self.store.runs.save_epoch(run)
            elif not isinstance(event, events.BatchEnded):
                self.store.runs.save_state(run)
            shown = True
        finally:
            with self.changed:
                if shown:
                    now = self._snapshots[event.run_id]
                    self._snapshots[event.run_id] = replace(run, ending=now.ending and run.active, name=now.name)
                if not run.active:
                    self._on_end(event.run_id)
                    self._forget_old()
                self.changed.notify_all()

    def publish_end(self, run_id: str, kind: type[events.RunEvent], **figures: object) -> None:
        """Shows a run's end, whether or not it can be written."""
        now = self.snapshot(run_id)
        try:
            self.publish(events.stamped(kind, run_id, step=now.step, active_s=now.active_s, **figures))
        except Exception:  # the disk may be full: the page shows the end all the same, and the next run gets its turn
            _log.exception("the end of run %s could not be written", run_id)

    def wait(self, since: RunSnapshot, timeout_s: float | None = None) -> RunSnapshot:
        """The run's next snapshot after `since`; `since` itself where nothing changed within `timeout_s` or it has ended.

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

    def forget(self, run_ids: Collection[str]) -> None:
        """Takes runs that have ended out of memory."""
        with self.changed:
            for run_id in run_ids:
                self._snapshots.pop(run_id, None)
            if self._last in run_ids:
                self._last = None

    def _forget_old(self) -> None:
        ended = [run_id for run_id, run in self._snapshots.items() if not run.active]
        for run_id in ended[:-NUM_KEPT]:
            del self._snapshots[run_id]
