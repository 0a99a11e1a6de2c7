"""Which run a person follows where several may train."""

from __future__ import annotations

from core.runs.snapshot import RunSnapshot
from ui.browser.people import mine, somebody_elses
from ui.session import Lab


def steered(lab: Lab) -> RunSnapshot | None:
    """The run that Pause and Stop are for: one that trains or waits and is nobody else's; None where there is none."""
    return next((run for run in lab.studio.queue().runs if not somebody_elses(run)), None)


def watched(lab: Lab) -> RunSnapshot | None:
    """The run that Lab and Train show: `steered`; while others train this person's newest, else what they train; else the newest.
    None before the first.
    """
    if run := steered(lab):
        return run
    if run := next(iter(lab.studio.queue().runs), None):
        return _newest_own(lab) or run
    newest = lab.studio.newest()
    return newest if newest is None or not somebody_elses(newest) else _newest_own(lab) or newest


def _newest_own(lab: Lab) -> RunSnapshot | None:
    found = next((row for row in lab.store.runs.all() if mine(row)), None)
    return lab.studio.snapshot(found.run_id) if found else None
