"""The queue of runs: who trains, who waits, and when each is expected to start."""

from __future__ import annotations

import streamlit as st

from core.errors import RunMissing
from core.runs.snapshot import RunSnapshot
from core.training.queue import QueueState, expected_starts
from ui import session_keys as keys
from ui.browser.people import me, mine, whose
from ui.run_control.forecasts import about, whole_s
from ui.run_control.steering import STOP, moved, press, question
from ui.session import Lab, at_the_server

_NUM_SHOWN = 8  # that wait; more than that nobody reorders, and each row costs the browser
_WHERE = "line"


def line_list(lab: Lab) -> None:
    """Every run in the queue with its buttons; nothing while no run waits. Also the way back for one that was just taken out."""
    queue = lab.studio.queue()
    _left_line(lab)
    if not queue.waiting:
        return
    starts = expected_starts(queue, lambda recipe: whole_s(lab, recipe))
    with st.container(border=True, gap="small", key=keys.QUEUE):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**In the queue: {len(queue.waiting)}**")
            _at_once_setting(lab, queue)
        question(lab, _WHERE)
        for run in queue.running:
            st.markdown(f"{_title(run)} \N{MIDDLE DOT} {_now(run)}")
        for place, (run, start_s) in enumerate(zip(queue.waiting, starts, strict=True), start=1):
            if place <= _NUM_SHOWN or mine(run):
                _row(lab, queue, run, start_s, place)
        if len(queue.waiting) > _NUM_SHOWN:
            st.caption(f"{len(queue.waiting) - _NUM_SHOWN} more wait behind number {_NUM_SHOWN}; of these only yours are shown.")


def my_places(lab: Lab) -> str:
    """ "Yours: quick-8, number 2 in the queue, starts in about 4 min."; empty where none of this person's runs waits."""
    own = next((run for run in lab.studio.queue().waiting if mine(run)), None)
    return f"Yours: {own.name}, {place_text(lab, own)}." if own and place_text(lab, own) else ""


def place_text(lab: Lab, run: RunSnapshot) -> str:
    """ "number 2 in the queue, starts in about 4 min"; empty for a run that does not wait."""
    queue = lab.studio.queue()
    place = queue.place(run.run_id)
    if not place:
        return ""
    starts = expected_starts(queue, lambda recipe: whole_s(lab, recipe))
    return f"{_place(place)}, {_start(queue, starts[place - 1])}"


def _row(lab: Lab, queue: QueueState, run: RunSnapshot, start_s: float | None, place: int) -> None:
    last = len(queue.waiting)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        st.markdown(f"{place}. {_title(run)} \N{MIDDLE DOT} {_start(queue, start_s)}", width="content")
        with st.container(horizontal=True, gap=None, width="content"):
            for icon, to, words in (
                ("first_page", 1, "to the front"),
                ("keyboard_arrow_up", place - 1, "one place forward"),
                ("keyboard_arrow_down", place + 1, "one place back"),
            ):
                st.button(
                    " ",
                    icon=f":material/{icon}:",
                    key=keys.queue_button(icon, run.run_id),
                    type="tertiary",
                    help=f"{run.name} {words}",
                    disabled=to == place or not 1 <= to <= last,
                    on_click=press,
                    args=(lab, moved(to), run, _WHERE),
                )
            st.button(
                " ",
                icon=":material/close:",
                key=keys.queue_button("cancel", run.run_id),
                type="tertiary",
                help=f"Take {run.name} out of the queue",
                on_click=_cancel,
                args=(lab, run, place),
            )


def _cancel(lab: Lab, run: RunSnapshot, place: int) -> None:
    press(lab, STOP, run, _WHERE)
    st.session_state[keys.CANCELLED] = (run.run_id, place)


def _left_line(lab: Lab) -> None:
    run_id, place = st.session_state.get(keys.CANCELLED, ("", 0))
    if not run_id:
        return
    try:
        run = lab.studio.snapshot(run_id)
    except RunMissing:  # deleted since
        del st.session_state[keys.CANCELLED]
        return
    if run.state != "stopped" or run.step:  # the question is not answered yet, or it is back in the queue
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{run.name} has left the queue.")
        if st.button("Undo", icon=":material/undo:", key=keys.UNDO_CANCEL, type="tertiary"):
            del st.session_state[keys.CANCELLED]
            lab.studio.go_on(run_id, asked_by=me())
            lab.studio.move(run_id, place)
            st.rerun()


def _at_once_setting(lab: Lab, queue: QueueState) -> None:
    """How many train at once: for whoever sits at the server itself."""
    if not at_the_server():
        return
    with st.popover(f"{queue.at_once} at once", icon=":material/tune:", type="tertiary", key=keys.AT_ONCE_POPOVER):
        st.number_input(
            "Runs that train at once",
            min_value=1,
            max_value=16,
            value=queue.at_once,
            key=keys.AT_ONCE,
            on_change=lambda: lab.studio.set_at_once(int(st.session_state[keys.AT_ONCE])),
            help="On a processor one at a time is best: two take twice as long each. Until the server ends; for good, set "
            "DIGITLAB_RUNS_AT_ONCE.",
        )


def _title(run: RunSnapshot) -> str:
    return f"**{run.name}**, {whose(run)}" if whose(run) else f"**{run.name}**"


def _now(run: RunSnapshot) -> str:
    if run.state == "paused":
        return "is paused"
    return f"trains now, {about(run.remaining_s)} left" if run.remaining_s is not None else "trains now"


def _place(place: int) -> str:
    return "next in the queue" if place == 1 else f"number {place} in the queue"


def _start(queue: QueueState, start_s: float | None) -> str:
    if start_s is not None:
        return f"starts in {about(start_s)}"
    paused = [run.name for run in queue.running if run.state == "paused"]
    return f"waits for {paused[0]}, which is paused" if paused else "start not known yet"
