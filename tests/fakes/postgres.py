"""A real PostgreSQL server of a test's own, on a free port of loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.memory import memory_folder

_IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server with its data in memory; yields its URL. Without one: skip, in CI fail.

    It runs as user postgres where the tests run as root, which PostgreSQL refuses.
    """
    tools, port = postgres_tools(), free_port()
    with memory_folder() as folder:
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        _run(tools / "initdb", "-D", data, "-U", "ledger", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-h 127.0.0.1 -p {port} -k {folder} -F"
        log = folder / "server.log"
        _run(tools / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield f"postgresql://ledger@127.0.0.1:{port}/postgres"
        finally:
            _run(tools / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def postgres_tools() -> Path:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if installed:
        return installed[-1].parent
    reason = "PostgreSQL is not installed: apt-get install postgresql"
    if _IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *words]
    answer = subprocess.run(
        words, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    assert answer.returncode == 0, f"{' '.join(words)}: {answer.stderr}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
