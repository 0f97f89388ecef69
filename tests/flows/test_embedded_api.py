"""The embedded Prefect server starts, or says why not, soon and in one sentence."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import pytest

from flows.embedded_api import EmbeddedServer, reason_in
from voxgate.errors import ExternalServiceError

SERVE = """
import http.server, sys
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Healthy).serve_forever()
"""


class FakeServer(EmbeddedServer):
    """Runs scripts in place of Prefect, one after the other; the last one again and again."""

    def __new__(cls, *_scripts: str) -> Self:
        return object.__new__(cls)

    def __init__(self, *scripts: str) -> None:
        super().__init__()
        self.scripts = list(scripts)
        self.started: list[subprocess.Popen[Any]] = []

    def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        process = subprocess.Popen([sys.executable, "-c", script, str(self.port)])
        self.started.append(process)
        return process


def refusal(server: FakeServer, log: Path, timeout: int = 30) -> str:
    server.log = log
    with pytest.raises(ExternalServiceError) as caught:
        server.start(timeout)
    assert all(process.poll() is not None for process in server.started)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_server_that_answers_runs_until_it_is_stopped(tmp_path: Path) -> None:
    server = FakeServer(SERVE)
    server.log = tmp_path / "server.log"
    server.start(30)
    try:
        assert server.running
        assert server.started[0].poll() is None
        server.start(30)
        assert len(server.started) == 1
    finally:
        server.stop()
    assert server.started[0].poll() is not None


def test_a_server_that_dies_is_noticed_at_once_and_quoted(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    server = FakeServer("import sys; print('hello'); raise OSError(28, 'No space left on device')")
    said = refusal(server, tmp_path / "server.log")
    assert time.monotonic() - began < 10
    assert "OSError: [Errno 28] No space left on device" in said
    assert str(tmp_path / "server.log") in said
    assert "Traceback" in (tmp_path / "server.log").read_text()
    assert capfd.readouterr() == ("", "")


def test_a_server_that_is_too_slow_names_the_time_and_the_setting(tmp_path: Path) -> None:
    said = refusal(FakeServer("import time; time.sleep(60)"), tmp_path / "server.log", timeout=1)
    assert "within 1 s" in said
    assert "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS" in said


def test_a_port_that_somebody_took_in_between_is_no_reason_to_give_up(tmp_path: Path) -> None:
    taken = (
        "import sys; sys.exit('[Errno 98] error while attempting to bind: address already in use')"
    )
    server = FakeServer(taken, SERVE)
    server.log = tmp_path / "server.log"
    server.start(30)
    server.stop()
    assert len(server.started) == 2


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("", "it said nothing"),
        (
            "Traceback\n  x\nsqlite3.DatabaseError: no\n\nApplication startup failed. Exiting.\n",
            "sqlite3.DatabaseError: no",
        ),
        ("E: \x1b[31mbad\x1b[0m\n", "E: bad"),
        ("killed\n\n", "killed"),
    ],
)
def test_the_reason_is_the_last_error_of_the_log(log: str, reason: str) -> None:
    assert reason_in(log) == reason
