"""Who a process is, whether it is gone, and where its temporary files go."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from core.system.process import identity, is_gone

ROOT = Path(__file__).parents[3]
KEEPER = """
import sys, tempfile
from core.system.temporary import use_own_folder
folder = use_own_folder()
(folder / "left").write_text("x")
print(folder, tempfile.gettempdir(), flush=True)
sys.stdin.read()
"""


def start(temporary):
    child = subprocess.Popen(
        [sys.executable, "-c", KEEPER],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    folder, used = child.stdout.readline().split()
    assert folder == used
    return child, Path(folder)


def test_a_living_process_is_there_and_one_that_ended_is_gone():
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        name = identity(child.pid)
        assert is_gone(name) is False and is_gone(identity()) is False
        child.stdin.close()
        child.wait()
    assert is_gone(name) is True


def test_the_same_number_at_another_time_is_another_process():
    system, number, start = identity().rsplit("/", 2)
    assert is_gone(f"{system}/{number}/{int(start) + 1}") is True


def test_a_process_that_the_system_hides_may_be_there(monkeypatch):
    """`hidepid` hides other users' processes; one that is not there at all has ended all the same."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        name = identity(child.pid)
        monkeypatch.setattr("core.system.process._started", lambda number: "1" if number == os.getpid() else None)
        assert is_gone(name) is None
        child.stdin.close()
        child.wait()
    assert is_gone(name) is True


def test_nothing_is_known_of_another_system_s_processes():
    assert is_gone("another/4026531836/1/5") is is_gone("") is is_gone("x/y/z") is None


def test_temporary_files_go_with_their_process_or_with_the_next_one(tmp_path):
    ended, its_folder = start(tmp_path)
    killed, other_folder = start(tmp_path)
    assert its_folder.exists(), "that of a living process stays"
    ended.communicate("")
    assert not its_folder.exists()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert other_folder.exists()
    last, _ = start(tmp_path)
    assert not other_folder.exists()
    last.communicate("")
    assert list(tmp_path.iterdir()) == []
