"""What `make run` starts: the dashboard of app.py, whose imports are under way before the first browser has asked for it.

`streamlit run app.py` serves the same; its first page waits half a second longer for them.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

_ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(_ROOT))


@asynccontextmanager
async def _early(_: st.App) -> AsyncIterator[None]:
    threading.Thread(target=_import_pages, name="digitlab-imports", daemon=True).start()
    yield


def _import_pages() -> None:
    """What the first page needs, TensorFlow not among it: that import would hold the interpreter while the page is drawn."""
    from ui.lab import page  # noqa: F401


app = st.App(_ROOT / "app.py", lifespan=_early)
