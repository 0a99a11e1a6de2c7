"""A PostgreSQL server of the tests' own: made in a folder of its own, reached by a socket in it, gone with it."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.conftest import absent


@dataclass(frozen=True)
class Server:
    """A running server: `new_database` makes an empty one and gives its address; `restart` breaks every connection."""

    new_database: Callable[[], str]
    restart: Callable[[], None]


@contextmanager
def server() -> Iterator[Server]:
    """Skips where the programs or the driver are missing."""
    folder_of_programs = _programs()
    try:
        import psycopg
    except ImportError:
        absent("needs the driver of PostgreSQL: pip install 'psycopg[binary]'")
    user = _unprivileged()
    # Not in this process' own temporary folder, which another user cannot enter; and short: a socket's path has 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="digitlab-pg-", dir="/tmp"))  # noqa: S108 - mkdtemp makes it private
    data = folder / "data"
    if user:
        shutil.chown(folder, user)

    def call(program: str, *arguments: str) -> None:
        command = [folder_of_programs / program, "-D", data, *arguments]
        with (folder / "output").open("w+") as output:  # no pipe: the server would inherit it and hold it open
            done = subprocess.run(
                command,
                user=user,
                extra_groups=[] if user else None,
                cwd=folder,
                timeout=60,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            output.seek(0)
            assert done.returncode == 0, output.read()

    numbers = count(1)

    def make() -> str:
        name = f"test_{next(numbers)}"
        with psycopg.connect(f"host={folder} user=digitlab dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://digitlab@/{name}?host={folder}"

    options = f"-F -k {folder} -c listen_addresses=''"

    def restart() -> None:
        call("pg_ctl", "restart", "-w", "-m", "immediate", "-l", str(folder / "log"), "-o", options)

    try:
        call("initdb", "-U", "digitlab", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        call("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)
        try:
            yield Server(make, restart)
        finally:
            call("pg_ctl", "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):  # Debian keeps them off the path
        if (folder / "initdb").exists():
            return folder
    absent("needs PostgreSQL: apt-get install postgresql")


def _unprivileged() -> str | None:
    """Whom to run the server as: it refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), getpass.getuser())
