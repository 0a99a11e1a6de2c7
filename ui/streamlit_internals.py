"""The parts of Streamlit that are not public and that Digit Lab needs, each with its reason.

tests/ui/test_streamlit_internals.py fails when a new version no longer has one of them.
"""

from __future__ import annotations

from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import script_runner


def leave_keras_alone() -> None:
    """Stops Streamlit from clearing Keras' session after every script run.

    It clears the session for all threads: a network that is being built in another one loses count of its layers' names, and its
    run fails. Streamlit has no setting for this.
    """
    script_runner._clean_problem_modules = lambda: None


def num_browsers() -> int:
    """How many browser windows are connected to the server; 1 outside a server.

    Streamlit has no public way to ask. The pages need it so that a class leaves the processor to the training.
    """
    sessions = getattr(get_instance(), "_session_mgr", None) if exists() else None
    return len(sessions.list_active_sessions()) if sessions else 1
