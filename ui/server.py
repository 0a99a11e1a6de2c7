"""What `make run` starts: the dashboard of app.py, whose imports are under way before the first browser has asked for it.

`streamlit run app.py` serves the same pages, but answers to any name: see `guard`.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

_ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(_ROOT))
from core.system.temporary import remove_own_folder, use_own_folder  # noqa: E402
from ui.guard import Guard  # noqa: E402
from ui.turn import TURN_PATH, turn  # noqa: E402

_log = logging.getLogger(__name__)
_TEMPORARY = use_own_folder()


@asynccontextmanager
async def _early(_: st.App) -> AsyncIterator[None]:
    threading.Thread(target=_import_pages, name="digitlab-imports", daemon=True).start()
    yield
    remove_own_folder(_TEMPORARY, os.getpid())


def _import_pages() -> None:
    """What the first page needs, TensorFlow not among it: that import would hold the interpreter while the page is drawn."""
    from ui.lab import page  # noqa: F401


def _say(error: Exception) -> bool:
    """An error that no page caught, as one of a press: a sentence in place of Streamlit's box."""
    from core.errors import DigitLabError
    from ui.browser.notes import plain

    if isinstance(error, DigitLabError):
        st.error(plain(str(error)), icon=":material/error:")
    else:
        _log.error("a page failed", exc_info=error)
        st.error("Something went wrong here. What you have trained and drawn is kept; the details are in the server's log.")
    return True


app = st.App(
    _ROOT / "app.py",
    lifespan=_early,
    routes=[Route(f"/{TURN_PATH}", turn)],
    middleware=[Middleware(Guard)],
    on_script_error=_say,
)
