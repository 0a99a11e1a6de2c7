"""Who sits at this browser: a name that is asked once and kept in a cookie, or that of Streamlit's own login; and a number of its
own, under which the drawings of somebody without a name are kept. That keeps people apart; it keeps nobody out.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from urllib.parse import unquote

import streamlit as st
from streamlit.components import v2

from core.recipe import Recipe
from core.runs.snapshot import RunSnapshot
from core.runs.summary import RunSummary
from core.text import inert
from core.training.queue import QueueState
from ui import session_keys as keys
from ui.session import FIRST_VISITS, Lab, at_the_server, visit
from ui.streamlit_internals import num_browsers

_COOKIE, _NUMBER_COOKIE = "digitlab_person", "digitlab_browser"
_NUMBER = re.compile(r"[0-9a-f]{32}")
_KEPT_S = 365 * 24 * 3600
_keep = v2.component(
    "digitlab.person",
    js="""export default ({data}) => {
      document.cookie = `${data.cookie}=${encodeURIComponent(data.name)}; path=/; max-age=${data.kept_s}; samesite=lax`;
    }""",
)
_HELP = "Others on this server see it beside your runs, and are asked before they stop one. It is kept in this browser."


def me() -> str:
    """The name of whoever sits at this browser; empty where none was given."""
    if getattr(st.user, "is_logged_in", False):
        return cleaned(str(st.user.get("name") or st.user.get("email") or ""))
    if keys.PERSON not in st.session_state:
        st.session_state[keys.PERSON] = kept_name()
    return str(st.session_state[keys.PERSON])


def named_now() -> str:
    """The name, where it was given on this visit; else empty."""
    return me() if keys.PERSON_ASKED in st.session_state else ""


def kept_name() -> str:
    """The name that this browser has kept from an earlier visit."""
    return cleaned(unquote(st.context.cookies.get(_COOKIE, "")))


def owner() -> str:
    """Whose drawings are shown here: those of the name, or without one of this browser, as "#" and its number, which no name
    begins with.
    """
    return me() or without_name()


def without_name() -> str:
    """Under what the drawings of this browser are kept while it has no name."""
    return f"#{_number()}"


def kept_number() -> str:
    """The number that this browser has kept from an earlier visit; empty where it has none."""
    kept = st.context.cookies.get(_NUMBER_COOKIE, "")
    return kept if _NUMBER.fullmatch(kept) else ""


def _number() -> str:
    if keys.BROWSER not in st.session_state:
        st.session_state[keys.BROWSER] = kept_number() or secrets.token_hex(16)
    return str(st.session_state[keys.BROWSER])


def remember_browser(lab: Lab) -> None:
    """Keeps this browser's number in a cookie. The drawings from before there were such numbers go to the first browser on the
    server's own computer that has no name.
    """
    if keys.BROWSER_KNOWN not in st.session_state:
        st.session_state[keys.BROWSER_KNOWN] = True
        if not me() and at_the_server():
            lab.store.drawings.hand_over("", owner())
    if not kept_number() and visit() <= FIRST_VISITS:
        _keep(key=keys.BROWSER_COOKIE, data={"cookie": _NUMBER_COOKIE, "name": _number(), "kept_s": _KEPT_S})


def require_login() -> None:
    """Shows nothing but the login where the server has one and nobody is logged in."""
    if "is_logged_in" in st.user and not st.user.is_logged_in:
        st.title("Digit Lab")
        st.write("This server asks who you are. Log in, and your runs carry your name.")
        st.button("Log in", type="primary", icon=":material/login:", key=keys.LOG_IN, on_click=st.login)
        st.stop()


def badge(below: Callable[[], None]) -> None:
    """The name in the sidebar, and where to change it, with what `below` draws under the field."""
    if getattr(st.user, "is_logged_in", False):
        st.button(f"{me()}: log out", icon=":material/logout:", key=keys.LOG_OUT, type="tertiary", on_click=st.logout)
        return
    with st.popover(me() or "Your name", icon=":material/person:", type="tertiary", key=keys.WHO):
        name_field(keys.NAME)
        below()
    if keys.PERSON_ASKED in st.session_state:  # also when the name was taken out
        _keep(key=keys.PERSON_COOKIE, data={"cookie": _COOKIE, "name": me(), "kept_s": _KEPT_S if me() else 0})


def name_field(key: str) -> None:
    """The field for the name; `key` keeps two of them apart."""

    def take() -> None:
        st.session_state[keys.PERSON] = cleaned(st.session_state[key])
        st.session_state[keys.PERSON_ASKED] = True

    st.session_state[key] = me()
    st.text_input("Your name", max_chars=MAX_LENGTH, key=key, help=_HELP, on_change=take)


def ask(queue: QueueState) -> None:
    """The field where it matters: others have runs in the queue, and this browser has no name yet."""
    if not me() and any(not mine(run) for run in queue.runs):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            with st.container(width=260):
                name_field(keys.NAME_ASKED)
            st.caption("Others train here too. Enter your name to find your runs among theirs.")


def submit(lab: Lab, recipe: Recipe) -> RunSnapshot:
    """Queues a run of this person. Raises DigitLabError."""
    return started(lab.studio.submit(recipe, me(), owner()))


def started(run: RunSnapshot) -> RunSnapshot:
    """Remembers that this browser started the run, whether or not it has a name."""
    st.session_state.setdefault(keys.STARTED, set()).add(run.run_id)
    return run


def mine(run: RunSnapshot | RunSummary) -> bool:
    """Whether this person started the run, by name or in this browser."""
    if run.run_id in st.session_state.get(keys.STARTED, ()):
        return True
    return run.person == me() if run.person else run.hand_of == without_name()


def theirs(run: RunSnapshot | RunSummary) -> bool:
    """Whether the run carries somebody else's name."""
    return bool(run.person) and not mine(run)


def somebody_elses(run: RunSnapshot | RunSummary) -> bool:
    """Whether another person may mind what is done to the run: it carries another name, or was started without a name in another
    browser, while others than this one are here.
    """
    return theirs(run) or (not run.person and not mine(run) and num_browsers() > 1)


def concern(run: RunSnapshot | RunSummary) -> str:
    """Why another person may mind what is done to the run, in a sentence; empty where nobody does."""
    if not somebody_elses(run):
        return ""
    return f"{run.name} is {run.person}'s." if run.person else f"{run.name} was started in another browser, without a name."


def asking_button(label: str, runs: Iterable[RunSnapshot | RunSummary], *, key: str, icon: str, help: str) -> bool:
    """A button that does something to `runs`; where another person may mind, it opens the question first. True once it may."""
    concerns = [each for each in map(concern, runs) if each]
    if not concerns:
        return st.button(label, icon=icon, key=key, help=help)
    with st.popover(label, icon=icon, help=help):
        more = f" So are {len(concerns) - 1} more." if len(concerns) > 1 else ""
        st.markdown(f"{concerns[0]}{more}")
        return st.button("Do it anyway", key=key)


def whose(run: RunSnapshot) -> str:
    """ "yours", "Ana's"; empty where nobody gave a name."""
    return "yours" if mine(run) else f"{run.person}'s" if run.person else ""


MAX_LENGTH = 40


_STRANGE = re.compile(r"[^\w\s.'@-]|_")


def cleaned(text: str) -> str:
    """The name with single spaces and without what no name has, at most MAX_LENGTH characters; empty where nothing is left."""
    return inert(inert(_STRANGE.sub(" ", text[: 4 * MAX_LENGTH]))[:MAX_LENGTH])
