"""The queue of runs and the one background thread that trains them. Pages on any thread submit, steer and read snapshots."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import replace

from core import memory, priority
from core.errors import DigitLabError, Diverged, RunMissing, StoreError
from core.presets import preset_name
from core.recipe import Recipe
from core.store import Store
from core.training import events, failures, lineage
from core.training.control import Control
from core.training.run import Publish, Run, Train
from core.training.snapshot import INTERRUPTED, RunSnapshot, fold

_log = logging.getLogger(__name__)
NUM_KEPT_SNAPSHOTS = 20


class Studio:
    """Trains submitted recipes one after the other. `train` is `trainer.train`, or a stand-in with its signature."""

    def __init__(self, store: Store, train: Train | None = None) -> None:
        self.store = store
        self._train = train or _import_and_train
        self._changed = threading.Condition()
        self._snapshots: dict[str, RunSnapshot] = {}
        self._controls: dict[str, Control] = {}
        self._queue: deque[str] = deque()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._last: str | None = None
        self._left = store.left_behind()
        try:
            if self._left:
                store.mark_interrupted(self._left)
        except StoreError as error:  # a full disk, or a record that may only be read: what is there can be looked at all the same
            _log.warning("%s", error)

    def submit(self, recipe: Recipe) -> RunSnapshot:
        """Queues a run; it starts at once when nothing else trains."""
        return self._enqueue(self.store.create_run(recipe, preset_name(recipe)))

    def go_on(self, run_id: str, more_epochs: int = 0) -> RunSnapshot:
        """Queues a run that has ended, to go on after its last epoch: one that broke off up to its recipe's end, a finished one
        for more epochs. Raises DigitLabError where it cannot.
        """
        with self._changed:  # two presses at once would queue it twice
            run = lineage.reopened(self.snapshot(run_id), more_epochs)
            self.store.reopen(run)
            return self._enqueue(run)

    def branch(self, run_id: str, epoch: int, recipe: Recipe) -> RunSnapshot:
        """Queues a new run that begins with the weights that another had after `epoch`, 0 for its very beginning. The optimiser
        begins anew. Raises DigitLabError where the weights do not serve.
        """
        parent = self.snapshot(run_id)
        lineage.check_branch(parent, epoch, recipe)
        try:
            return self._enqueue(self.store.create_run(recipe, preset_name(recipe), parent=(run_id, epoch)))
        except FileNotFoundError:
            raise RunMissing(f"The weights of {parent.name} after epoch {epoch} are gone. Choose another epoch.") from None

    def go_back(self, run_id: str) -> RunSnapshot:
        """Queues a branch of a run that diverged, from its best epoch, with a third of the learning rate."""
        epoch, recipe = lineage.gentler(self.snapshot(run_id))
        return self.branch(run_id, epoch, recipe)

    def _enqueue(self, run: RunSnapshot) -> RunSnapshot:
        with self._changed:
            self._last = run.run_id
            self._snapshots[run.run_id] = run
            self._controls[run.run_id] = Control()
            self._queue.append(run.run_id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="digitlab-training", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return run

    def pause(self, run_id: str) -> None:
        """The run waits before its next batch; nothing happens to a run that has ended."""
        if control := self._controls.get(run_id):
            control.pause()

    def resume(self, run_id: str) -> None:
        """A paused run goes on."""
        if control := self._controls.get(run_id):
            control.resume()

    def stop(self, run_id: str) -> None:
        """A running run ends after its batch and is scored as it stands; a queued one leaves the queue."""
        with self._changed:
            if control := self._controls.get(run_id):
                control.stop()
                self._snapshots[run_id] = replace(self._snapshots[run_id], ending=True)
                self._changed.notify_all()

    def snapshot(self, run_id: str) -> RunSnapshot:
        """The run as it is now, or as it was last written. Raises RunMissing."""
        with self._changed:
            if run_id in self._snapshots:
                return self._snapshots[run_id]
        loaded = self.store.load(run_id)
        if loaded.active and run_id in self._left:
            loaded = replace(loaded, state=INTERRUPTED)
        if loaded.active:  # trained by another process, which goes on writing
            return loaded
        with self._changed:
            return self._snapshots.setdefault(run_id, loaded)

    def current(self) -> RunSnapshot | None:
        """The run that trains now, else the next in the queue, else None."""
        with self._changed:
            active = [self._snapshots[run_id] for run_id in self._controls]
        return active[0] if active else None

    def newest(self) -> RunSnapshot | None:
        """The run that was submitted or taken up last, whatever became of it; None before the first."""
        with self._changed:
            last = self._snapshots.get(self._last or "")
        if last:
            return last
        run_id = self.store.newest_run_id()
        return self.snapshot(run_id) if run_id else None

    def delete(self, run_id: str) -> None:
        """Forgets a run that has ended, with its files. Raises DigitLabError for one that still trains."""
        with self._changed:
            if run_id in self._controls:
                raise DigitLabError("This run is still training. Stop it first, then delete it.")
            self._snapshots.pop(run_id, None)
        self.store.delete(run_id)

    def wait(self, since: RunSnapshot, timeout_s: float | None = None) -> RunSnapshot:
        """The run's next snapshot after `since`; `since` itself where nothing changed within `timeout_s` or it has ended."""
        with self._changed:
            if since.run_id not in self._snapshots:
                raise RunMissing(f"There is no run {since.run_id!r} here. Choose one from the list.")
            self._changed.wait_for(
                lambda: not since.active or self._snapshots[since.run_id] is not since, timeout=timeout_s
            )
            return self._snapshots[since.run_id]

    def close(self, timeout_s: float = 10.0) -> bool:
        """Stops what trains, empties the queue and waits for the thread; False, with a log line, where it did not end."""
        with self._changed:
            self._closing = True
            for run_id in self._controls:
                self._controls[run_id].stop()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        ended = thread is None or not thread.is_alive()
        if not ended:
            _log.error("the training thread did not end within %s s", timeout_s)
        return ended

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._closing)
                if not self._queue:
                    return
                run_id = self._queue.popleft()
                run, control = self._snapshots[run_id], self._controls[run_id]
            self._train_guarded(run, control)
            memory.settle()  # the run's model is full of cycles, which nobody would look for otherwise

    def _train_guarded(self, run: RunSnapshot, control: Control) -> None:
        """Trains one run. Whatever happens, the run gets an end event and the thread lives on."""
        job = Run(
            run.run_id, run.name, run.recipe, self.store.run_folder(run.run_id), run.left_out, done=len(run.epochs),
            val_losses=tuple(epoch.val_loss for epoch in run.epochs), branched=bool(run.parent_epoch),
        )  # fmt: skip
        try:
            if control.stopping:
                self._publish_end(run.run_id, events.RunEnded, stopped=True)
            else:
                self._train(job, control, self._publish)
        except BaseException as error:
            if not isinstance(error, DigitLabError):
                _log.exception("run %s failed", run.name)
            diverged = isinstance(error, Diverged)
            self._publish_end(run.run_id, events.RunFailed, message=failures.sentence(error), diverged=diverged)

    def _publish_end(self, run_id: str, kind: type[events.RunEvent], **figures: object) -> None:
        now = self.snapshot(run_id)
        event = kind(run_id=run_id, step=now.step, time=time.time(), active_s=now.active_s, **figures)
        try:
            self._publish(event)
        except Exception:  # the disk may be full: the page shows the end all the same, and the next run gets its turn
            _log.exception("the end of run %s could not be written", run_id)

    def _publish(self, event: events.RunEvent) -> None:
        """Folds an event and writes what has to last. On the training thread only."""
        with self._changed:
            run = fold(self._snapshots[event.run_id], event)
        # Written before it is shown, so that whoever sees an epoch finds it in the store. The lock is free meanwhile:
        # only this thread folds, and `stop` alone may set a flag in between. An epoch that could not be written is not shown:
        # the run breaks off, and may go on from the epoch before.
        shown = not run.active
        try:
            if isinstance(event, events.EpochEnded):
                self.store.save_epoch(run)
            elif not isinstance(event, events.BatchEnded):
                self.store.save_state(run)
            shown = True
        finally:
            with self._changed:
                if shown:
                    ending = self._snapshots[event.run_id].ending and run.active
                    self._snapshots[event.run_id] = replace(run, ending=ending)
                if not run.active:
                    self._controls.pop(event.run_id, None)
                    self._forget_old()
                self._changed.notify_all()

    def _forget_old(self) -> None:
        """Keeps memory level: ended runs beyond the last few are read from the store again when asked for."""
        ended = [run_id for run_id in self._snapshots if run_id not in self._controls]
        for run_id in ended[:-NUM_KEPT_SNAPSHOTS]:
            del self._snapshots[run_id]


def _import_and_train(run: Run, control: Control, publish: Publish) -> None:
    """`trainer.train`, imported on the training thread: the first page must not wait for TensorFlow."""
    priority.lower_workers()
    from core.training import trainer

    trainer.train(run, control, publish)
