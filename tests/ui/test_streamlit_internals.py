"""Each part of Streamlit that is not public is still there, and still does what Digit Lab needs of it."""

import asyncio
import subprocess
import sys
from types import SimpleNamespace

from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.runtime import Runtime, RuntimeConfig

from ui import streamlit_internals

# In a process of its own, as this one may have stopped Streamlit already.
CLEARS_KERAS = """
import sys
from types import SimpleNamespace
from streamlit.runtime.scriptrunner import script_runner
from ui import streamlit_internals

cleared = []
sys.modules["keras"] = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: cleared.append(1)))
functions = [each for each in vars(script_runner.ScriptRunner).values() if hasattr(each, "__code__")]
assert any("_clean_problem_modules" in each.__code__.co_names for each in functions), "nobody calls it"
script_runner._clean_problem_modules()
assert cleared, "Streamlit no longer clears Keras' session: leave_keras_alone() can go"
cleared.clear()
streamlit_internals.leave_keras_alone()
script_runner._clean_problem_modules()
assert not cleared
"""


def test_streamlit_clears_the_session_of_keras_until_it_is_stopped():
    ended = subprocess.run([sys.executable, "-c", CLEARS_KERAS], capture_output=True, text=True)
    assert not ended.returncode, ended.stderr


def test_the_sessions_of_a_real_server_are_counted(monkeypatch, tmp_path):
    """The runtime is made as a server makes it, by Streamlit's own code."""
    monkeypatch.setattr(Runtime, "_instance", None)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        server = Runtime(
            RuntimeConfig(
                script_path=str(tmp_path / "app.py"),
                media_file_storage=MemoryMediaFileStorage("/media"),
                uploaded_file_manager=MemoryUploadedFileManager("/upload"),
            )
        )
        assert server._session_mgr.list_active_sessions() == []
        monkeypatch.setattr(server._session_mgr, "list_active_sessions", lambda: [None] * 30)
        assert streamlit_internals.num_browsers() == 30
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def test_outside_a_server_there_is_one_browser(monkeypatch):
    monkeypatch.setattr(streamlit_internals, "exists", lambda: False)
    assert streamlit_internals.num_browsers() == 1


def test_a_version_without_the_private_part_counts_one(monkeypatch):
    monkeypatch.setattr(streamlit_internals, "exists", lambda: True)
    monkeypatch.setattr(streamlit_internals, "get_instance", SimpleNamespace)
    assert streamlit_internals.num_browsers() == 1
