"""A real Redis server of a test's own, on a free port of loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fakes.memory import memory_folder
from tests.fakes.postgres import free_port

_IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@contextmanager
def redis_server() -> Iterator[str]:
    """Start a server that keeps nothing; yields its URL. Without one: skip, in CI fail."""
    program = shutil.which("redis-server")
    if program is None:
        reason = "Redis is not installed: apt-get install redis-server"
        if _IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    port = free_port()
    with memory_folder() as folder:
        words = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
        words += ["--save", "", "--appendonly", "no"]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL) as server:
            try:
                _wait_for(port)
                yield f"redis://127.0.0.1:{port}/0"
            finally:
                server.kill()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            assert time.monotonic() < end, "Redis did not start"
            time.sleep(0.02)
