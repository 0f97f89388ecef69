"""Redis and PostgreSQL of a run's own on loopback, which can be killed and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from scripts.load.target import LoadError
from voxgate.tether import start_tethered

__all__ = ["PostgresService", "RedisService", "free_port"]

_START_S = 20.0


class RedisService:
    """Keeps everything in memory, so that each start is an empty one: killed is flushed.

    Raises:
        LoadError: it is not installed.
    """

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise LoadError("there is no redis-server; `make services` installs it")
        self._port = free_port()
        self._words = [program, "--port", str(self._port), "--bind", "127.0.0.1"]
        self._words += ["--save", "", "--appendonly", "no", "--dir", tempfile.mkdtemp()]
        self._process: subprocess.Popen[Any] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = start_tethered(self._words, stdout=subprocess.DEVNULL)
        _wait_for(self._port)

    def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None


class PostgresService:
    """A cluster in a temporary folder; as root it runs as the user postgres, which it asks for.

    Raises:
        LoadError: it is not installed.
    """

    def __init__(self) -> None:
        self._tools = _postgres_tools()
        self._folder = Path(tempfile.mkdtemp(prefix="voxgate-load-"))
        self._data = self._folder / "data"
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", self._data, "-U", "ledger", "-A", "trust", "-E", "UTF8")
        self._port = free_port()
        self.url = f"postgresql://ledger@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers; after `stop` it recovers what was committed."""
        options = f"-h 127.0.0.1 -p {self._port} -k {self._folder}"
        log = self._folder / "server.log"
        self._run("pg_ctl", "-D", self._data, "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        """End it at once, as a crash would."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        """End it and remove its folder."""
        self.stop()
        shutil.rmtree(self._folder)

    def _run(self, tool: str, *arguments: object) -> None:
        words = [str(self._tools / tool), *map(str, arguments)]
        if os.geteuid() == 0:
            setpriv = shutil.which("setpriv") or "setpriv"
            words = [setpriv, "--reuid=postgres", "--regid=postgres", "--init-groups", *words]
        answer = subprocess.run(
            words,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if answer.returncode:
            raise LoadError(f"{tool}: {answer.stderr.strip()}")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _postgres_tools() -> Path:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not installed:
        raise LoadError("there is no PostgreSQL; `make services` installs it")
    return installed[-1].parent


def _wait_for(port: int) -> None:
    end_s = time.monotonic() + _START_S
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            if time.monotonic() > end_s:
                raise LoadError(f"nobody listens on port {port}") from None
            time.sleep(0.02)
