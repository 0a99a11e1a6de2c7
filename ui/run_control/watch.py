"""Over the curves: what goes wrong with the run that is shown, in a line with the button that tries the cure."""

from __future__ import annotations

import streamlit as st

from core.runs.snapshot import RunSnapshot
from core.runs.watch import Remark, watch
from ui import session_keys as keys
from ui.browser.people import me, mine, owner, started, submit
from ui.held_recipe import hold
from ui.session import Lab

_HELP = "Starts it at once. Your run that is shown is stopped first, if it still trains; what it has learned is kept."


def watch_line(lab: Lab, run: RunSnapshot) -> None:
    """What is wrong with the run, its likely cause, and the button that starts the cure; nothing where all is well."""
    remark = watch(run)
    if remark is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=keys.WATCH):
        st.markdown(f":material/warning: {remark.sentence}", width="content")
        pressed = st.button(
            remark.cure, key=keys.CURE, help=_HELP, icon=":material/healing:", on_click=hold, args=(remark.recipe,)
        )
    if pressed:
        _try(lab, run, remark)
        st.rerun()


def _try(lab: Lab, run: RunSnapshot, remark: Remark) -> None:
    """Starts the cure. Raises DigitLabError, and leaves the run alone then."""
    if remark.branch_epoch is None:
        submit(lab, remark.recipe)
    else:
        started(lab.studio.branch(run.run_id, remark.branch_epoch, remark.recipe, me(), owner()))
    if run.active and mine(run):
        lab.studio.stop(run.run_id)
