"""The embedded API that Prefect starts by itself must not outlive the command that needed it."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace

from prefect.server.api import server

from voxgate.tether import start_tethered

__all__ = ["tether_embedded_api"]


def tether_embedded_api() -> None:
    """Let Prefect start its embedded API tethered to this process; again changes nothing.

    Prefect ends it by `atexit`, which a killed process never comes to, and leaves it in the
    terminal's process group, where Ctrl-C makes it print a traceback of its own. The module asks
    `subprocess` for nothing but these two names (flows/test_embedded_api.py).
    """
    server.subprocess = SimpleNamespace(  # type: ignore[assignment]
        Popen=start_tethered, TimeoutExpired=subprocess.TimeoutExpired
    )
