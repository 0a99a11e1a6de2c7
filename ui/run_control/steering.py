"""Buttons that steer a run: pause, resume, stop, its place in the queue. What belongs to somebody else is
only done after a question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.runs.snapshot import RunSnapshot
from core.training.control import FACTORS
from core.training.queue import QueueState
from ui import session_keys as keys
from ui.browser.people import concern, mine, theirs
from ui.run_control.unwritten import unwritten_line
from ui.session import Lab

_TURN_PX = 112  # of Pause and of Resume, so that what stands beside them keeps its place
_STOP_HELP = "Ends at once, scores what was learned so far, and keeps the best weights."
_RATE_HELP = (
    "Multiplies the learning rate of the schedule from then on. The charts mark where it was changed, and a run that "
    "goes on after a break changes it again at the same step."
)


@dataclass(frozen=True)
class Action:
    """What a press does to a run, as its button says it; `place` is the new one in the queue, of a run that is moved."""

    verb: str
    do: Callable[[Lab, RunSnapshot], None]
    place: int = 0


PAUSE = Action("Pause it", lambda lab, run: lab.studio.pause(run.run_id))
RESUME = Action("Resume it", lambda lab, run: lab.studio.resume(run.run_id))
STOP = Action("Stop it", lambda lab, run: lab.studio.stop(run.run_id))


def moved(place: int) -> Action:
    """Puts a run that waits at another place, 1 for the next one."""
    return Action("Move it", lambda lab, run: lab.studio.move(run.run_id, place), place)


def press(lab: Lab, action: Action, run: RunSnapshot, where: str) -> None:
    """Does it, or asks first. For a callback; `where` is the block that shows the question."""
    if _concern(lab.studio.queue(), action, run):
        st.session_state[keys.question(where)] = (action, run.run_id)
    else:
        action.do(lab, run)


def question(lab: Lab, where: str) -> bool:
    """Draws the question that waits for an answer in this block; False where there is none."""
    action, run_id = st.session_state.get(keys.question(where), (None, ""))
    queue = lab.studio.queue()
    run = next((run for run in queue.runs if run.run_id == run_id), None)
    concern = _concern(queue, action, run) if action and run else ""
    if not (action and run and concern):
        st.session_state.pop(keys.question(where), None)  # answered, or the run has ended meanwhile
        return False

    def answer(yes: bool) -> None:
        st.session_state.pop(keys.question(where), None)
        if yes:
            action.do(lab, run)

    with st.container(horizontal=True, vertical_alignment="center", key=keys.steering("asked", where)):
        st.markdown(f"{concern} {action.verb} anyway?")
        st.button(action.verb, key=keys.steering("yes", where), on_click=answer, args=(True,))
        st.button("Leave it", key=keys.steering("no", where), type="tertiary", on_click=answer, args=(False,))
    return True


def run_controls(lab: Lab, run: RunSnapshot, where: str) -> None:
    """Pause or resume, and stop, for a run that trains; `where` keeps two such rows apart."""
    if question(lab, where):
        return
    unwritten_line(run)
    with st.container(horizontal=True, key=keys.steering("controls", where)):
        if run.state == "paused":
            st.button(
                "Resume",
                icon=":material/play_arrow:",
                key=keys.steering("resume", where),
                width=_TURN_PX,
                on_click=press,
                args=(lab, RESUME, run, where),
            )
        else:
            st.button(
                "Pause",
                icon=":material/pause:",
                key=keys.steering("pause", where),
                disabled=run.ending or run.state == "queued",
                width=_TURN_PX,
                on_click=press,
                args=(lab, PAUSE, run, where),
            )
        st.button(
            "Stopping" if run.ending else "Stop",
            icon=":material/stop:",
            key=keys.steering("stop", where),
            disabled=run.ending,
            help=_STOP_HELP,
            on_click=press,
            args=(lab, STOP, run, where),
        )


def rate_slider(lab: Lab, run: RunSnapshot) -> None:
    """What the run's learning rate is multiplied by. It follows what others do; somebody else's is only shown."""
    key = keys.rate(run.run_id)
    in_force = min(FACTORS, key=lambda each: abs(each - run.rate_factor))
    if st.session_state.get(keys.rate_known(run.run_id)) != in_force:  # changed here or elsewhere
        st.session_state[keys.rate_known(run.run_id)] = st.session_state[key] = in_force

    def take() -> None:
        wanted = st.session_state.get(key, in_force)
        if wanted != in_force:  # a slider that comes back to the page says its own value as news
            lab.studio.set_rate(run.run_id, wanted)

    st.select_slider(
        "Learning rate multiplier",
        FACTORS,
        value=in_force,
        format_func=lambda factor: f"{factor:g}",
        key=key,
        help=_RATE_HELP,
        disabled=run.ending or run.state == "queued" or theirs(run),
        on_change=take,
    )


def _concern(queue: QueueState, action: Action, run: RunSnapshot) -> str:
    """Why somebody else minds, in a sentence; empty where nobody does."""
    if why := concern(run):
        return why
    now = queue.place(run.run_id)
    passed = [other for other in queue.waiting[action.place - 1 : now - 1] if theirs(other)] if action.place and now else []
    if mine(run) and passed:
        return f"That puts it before {passed[0].person}'s {passed[0].name}."
    return ""
