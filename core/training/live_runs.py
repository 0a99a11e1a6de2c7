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

_log = logging.getLogger(__name__)
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
        self._left = store.processes.left_behind()
        try:
            if self._left:
                store.processes.mark_interrupted(self._left)
        except StoreError as error:  # a full disk or a read-only record: its runs can still be shown
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
        """Folds an event, writes it to the store if it must last, then shows it. On the one thread that trains the run."""
        with self.changed:
            run = fold(self._snapshots[event.run_id], event)
        # Written before it is shown, so that whoever sees an epoch finds it in the store. The lock is free meanwhile: only this
        # thread folds, and others may set only the flag of `mark_ending` and the name. An epoch that could not be written is not
        # shown: the run fails, and can resume from the epoch before.
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
        """Shows the end of a run, even if it cannot be written."""
        now = self.snapshot(run_id)
        try:
            self.publish(events.stamped(kind, run_id, step=now.step, active_s=now.active_s, **figures))
        except Exception:  # the disk may be full: the end is still shown, and the next run gets its turn
            _log.exception("the end of run %s could not be written", run_id)

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
