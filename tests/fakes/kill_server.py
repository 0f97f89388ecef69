"""`voxgate` commands in processes that are killed at any time, started in milliseconds.

Run as a program it imports everything once and forks a process a job. A job is a line of JSON:
arguments, the folder to work in, and after how many seconds SIGKILL comes (null: never).
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

__all__ = ["PRELOADED"]

PRELOADED = (
    "dvc.repo",
    "flows.cli.app",
    "flows.prefect_api",
    "flows.reports.run",
    "flows.retrain_voice",
    "voxgate.wiring.backup",
    "voxgate.wiring.data",
    "voxgate.wiring.release",
)
LINGERING_S = 10.0


def _work(job: dict[str, Any]) -> int:
    os.setsid()
    os.chdir(job["root"])
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    sys.argv = ["voxgate", *job["arguments"]]
    try:
        importlib.import_module("flows.cli.app").main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 -- a forked child must not go on as its parent
        traceback.print_exc()
        return 1
    return 0


def _do(job: dict[str, Any]) -> dict[str, Any]:
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        status = 1
        with contextlib.suppress(BaseException):
            status = _work(job)
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
    if job["kill_after_s"] is not None:
        time.sleep(job["kill_after_s"])
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    took_s = time.monotonic() - began
    return {
        "status": os.waitstatus_to_exitcode(status),
        "took_s": took_s,
        "left": _left(job["root"]),
    }


def _left(root: str) -> list[str]:
    """Return the commands that still work below `root` after the time that they have to end."""
    deadline = time.monotonic() + LINGERING_S
    while (found := _working_in(root)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _working_in(root: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str((folder / "cwd").readlink()) == root:
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return [command for command in found if command.strip()]


def serve() -> None:
    """Answer each line with the exit status, the time taken, and what was still running."""
    for name in PRELOADED:
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(_do(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    serve()
