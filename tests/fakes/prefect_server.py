"""A real Prefect server, and programs of ours beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

__all__ = ["prefect_server", "running", "wait_for"]

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 240


@contextmanager
def prefect_server(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """Run a server with its home in `folder`; this process and its children talk to it.

    `settings` are further variables of the environment. Yields the address of its API.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    environment = {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        server = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        with (
            temporary_settings({PREFECT_API_URL: url}),
            running(server, folder / "server.log"),
        ):
            wait_for("the server", lambda: healthy(url))
            yield url


def wait_for(what: str, look: Callable[[], bool]) -> None:
    """Look again and again until it is true; fails after `LIMIT_S`."""
    deadline = time.monotonic() + LIMIT_S
    while not look():
        assert time.monotonic() < deadline, f"{what} did not come within {LIMIT_S} s"
        time.sleep(0.3)


def healthy(url: str) -> bool:
    """Tell whether the API answers."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def running(arguments: list[str], log: Path) -> Iterator[subprocess.Popen[Any]]:
    """Run Python beside the test, and end it and its children afterwards."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:  # a worker first waits for the runs that it started
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=20)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
