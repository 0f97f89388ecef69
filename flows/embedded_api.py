"""The embedded Prefect server: starts, or says at once and in one sentence why not.

Prefect's own start restarts a server that dies until two minutes are over, lets it write its
tracebacks to the terminal, and ends in a RuntimeError without the reason. Whoever asks Prefect for
its temporary server after `start_embedded_api` gets this one. It ends with this process, also
when that is killed, and hears no Ctrl-C of the terminal.
"""

from __future__ import annotations

import atexit
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
from prefect.server.api import server as prefect_server
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_HOME, PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS

from voxgate.errors import ExternalServiceError
from voxgate.printable import without_colours
from voxgate.tether import start_tethered

__all__ = ["EmbeddedServer", "reason_in", "start_embedded_api"]

LOG_NAME = "server.log"
_PORTS_TO_TRY = 5
_ERROR = re.compile(r"^[\w.]*(?:Error|Exception)\b: .+", re.MULTILINE)


def start_embedded_api() -> None:
    """Start the server unless it runs; its output goes to `server.log` in Prefect's home.

    Raises:
        ExternalServiceError: it did not start, with its reason and its log.
    """
    server = EmbeddedServer()
    server.start()


class EmbeddedServer(SubprocessASGIServer):
    """Prefect's temporary server; there is one a process."""

    log: Path | None = None

    def start(self, timeout: int | None = None) -> None:
        """Start it and wait until it answers, for `timeout` seconds at most."""
        if self.running:
            return
        limit_s = timeout or PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.value()
        log = self.log or PREFECT_HOME.value() / LOG_NAME
        atexit.register(self.stop)
        try:
            self._start(log, limit_s)
        except BaseException:
            self.stop()
            raise
        self.running = True

    def _start(self, log: Path, limit_s: float) -> None:
        until = time.monotonic() + limit_s
        said = ""
        for _ in range(_PORTS_TO_TRY):
            self.port = self.find_available_port()
            with _output_to(log), _tethered():
                self.server_process = self._run_uvicorn_command()
            while self.server_process.poll() is None:
                if self._answers():
                    return
                if time.monotonic() > until:
                    raise _not_started(
                        f"it did not answer within {limit_s:g} s, the machine is busy; run again "
                        "when it is less so, or raise "
                        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS",
                        log,
                    )
                time.sleep(0.1)
            said = log.read_text(encoding="utf-8", errors="replace")
            # Somebody else may take the port between the look at it and its use.
            if "address already in use" not in said:
                break
        raise _not_started(reason_in(said), log)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.api_url}/health", timeout=5).is_success
        except httpx.HTTPError:
            return False


def _not_started(problem: str, log: Path) -> ExternalServiceError:
    return ExternalServiceError(
        f"Prefect's embedded server did not start: {problem} (its log: {log})"
    )


def reason_in(log: str) -> str:
    """Return the last error that a log names, or else its last line."""
    text = without_colours(log)
    errors = _ERROR.findall(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return str([*(lines[-1:] or ["it said nothing"]), *errors][-1])


@contextmanager
def _tethered() -> Iterator[None]:
    """Let Prefect's module, which asks `subprocess` for these two names, start tethered programs.

    What Prefect starts by itself it ends by `atexit`, which a killed process never comes to.
    """
    names = vars(prefect_server)
    known = names["subprocess"]
    names["subprocess"] = SimpleNamespace(
        Popen=start_tethered, TimeoutExpired=subprocess.TimeoutExpired
    )
    try:
        yield
    finally:
        names["subprocess"] = known


@contextmanager
def _output_to(log: Path) -> Iterator[None]:
    """Let what is started in the meantime inherit the log as its standard output and error."""
    kept = [os.dup(stream) for stream in (1, 2)]
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        for stream in (1, 2):
            os.dup2(target, stream)
        yield
    finally:
        for stream, before in zip((1, 2), kept, strict=True):
            os.dup2(before, stream)
            os.close(before)
        os.close(target)
