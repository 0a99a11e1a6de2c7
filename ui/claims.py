"""What was made in this browser before its person gave a name: one press puts it under the name, another undoes that."""

from __future__ import annotations

import streamlit as st

from core.store import Claimed, Holdings
from ui import session_keys as keys
from ui.browser.people import me, named_now, without_name
from ui.hand_score import count_text
from ui.polling import show_errors
from ui.session import Lab


def offer(lab: Lab, place: str) -> None:
    """Once a name was given: what there is from before, until it is claimed or left; then the undoing. At the head of a page, and
    on a telephone below the field for the name, which lies over the page.
    """
    claimed: Claimed | None = st.session_state.get(keys.CLAIMED)
    if claimed is not None:
        _done(lab, claimed, place)
    elif named_now() and st.session_state.get(keys.CLAIM_LEFT) != me():
        _question(lab, place, leave=True)


def later(lab: Lab) -> None:
    """Beside the drawings: the same for somebody who left it, or gave the name on another visit."""
    if me() and (not named_now() or st.session_state.get(keys.CLAIM_LEFT) == me()):
        _question(lab, "hand", leave=False)


def _question(lab: Lab, place: str, *, leave: bool) -> None:
    before, known = lab.store.claims.held(without_name()), lab.store.claims.held(me())
    if not before:
        return
    with st.container(border=True, key=keys.claim("block", place)):
        st.markdown(f"**{_made(before)} in this browser before you gave a name.**")
        if known:
            st.markdown(
                f"{me()} has {_text(known)} on this server already. If that is you, claiming joins the two. If it is somebody "
                "else, leave them and take another name."
            )
        with st.container(horizontal=True):
            st.button(
                "Claim and join them" if known else "Claim them",
                key=keys.claim("press", place),
                type="secondary" if known else "primary",
                icon=":material/move_down:",
                on_click=_claim,
                args=(lab,),
            )
            if leave:
                st.button(
                    "Leave them",
                    key=keys.claim("leave", place),
                    on_click=_leave,
                    help="Draw still offers them, under My drawings.",
                )


def _done(lab: Lab, claimed: Claimed, place: str) -> None:
    done = Holdings(len(claimed.drawing_ids), claimed.num_runs)
    with st.container(border=True, key=keys.claim("block", place)):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/check: **{claimed.name} has them now: {_text(done)}.**{_dropped(len(claimed.dropped))}")
            st.button("Undo", key=keys.claim("undo", place), icon=":material/undo:", on_click=_undo, args=(lab, claimed))
            st.button("Close", key=keys.claim("close", place), icon=":material/close:", on_click=_close)


def _claim(lab: Lab) -> None:
    with show_errors():
        st.session_state[keys.CLAIMED] = lab.studio.claim(without_name(), me())


def _undo(lab: Lab, claimed: Claimed) -> None:
    with show_errors():
        lab.studio.give_back(claimed)
        _close()


def _leave() -> None:
    st.session_state[keys.CLAIM_LEFT] = me()


def _close() -> None:
    st.session_state.pop(keys.CLAIMED, None)


def _text(held: Holdings) -> str:
    """ "12 drawings and 1 run"."""
    runs = "1 run" if held.num_runs == 1 else f"{held.num_runs:,} runs"
    parts = [*([count_text(held.num_drawings)] if held.num_drawings else []), *([runs] if held.num_runs else [])]
    return " and ".join(parts) or "nothing"


def _made(held: Holdings) -> str:
    return f"{_text(held)} {'was' if held.num_drawings + held.num_runs == 1 else 'were'} made"


def _dropped(count: int) -> str:
    return f" {count_text(count)} {'was' if count == 1 else 'were'} there already." if count else ""
