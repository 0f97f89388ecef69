"""Do what is slow about a campaign in a process of its own, at the lowest priority.

To plan opens a voice and its ears, to read a list takes seconds of a core: in the process that
serves speech both would be heard by whoever waits for a sentence.
"""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import Any

from voxgate.errors import (
    DeadlineError,
    WorkerLostError,
)
from voxgate.module_process import start_module, told_error

__all__ = ["Elsewhere"]

_MODULE = "tasks.campaigns.child"


class Elsewhere:
    """Starts such processes, and ends those that are left; may be used by several threads."""

    def __init__(self, root: Path, *, deadline_s: float = 3600.0) -> None:
        """Work in the checkout at `root`; what takes longer than `deadline_s` is ended."""
        self._root = root.resolve()
        self._deadline_s = deadline_s
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def do(self, action: str, *arguments: str, by: str) -> dict[str, Any]:
        """Return what `child` answers to an action.

        Raises:
            WorkerLostError: the process died without an answer.
            DeadlineError: it took too long.
            VoxgateError: as the action.
        """
        process = self._start(action, *arguments, by=by)
        try:
            said, _ = process.communicate(timeout=self._deadline_s)
        except subprocess.TimeoutExpired:
            raise DeadlineError(
                f"{action} of a campaign was not done within {self._deadline_s:g} s"
            ) from None
        finally:
            _end(process)
            with self._lock:
                self._running.discard(process)
        try:
            answer = json.loads(said)
        except ValueError:
            raise WorkerLostError(
                f"the process that was at {action} of a campaign died (exit status "
                f"{process.returncode}); its log says why"
            ) from None
        if "error" in answer:
            raise told_error(answer)
        found: dict[str, Any] = answer["answer"]
        return found

    def close(self) -> None:
        """End what is under way; nothing is begun afterwards."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for process in running:
            process.terminate()

    def _start(self, action: str, *arguments: str, by: str) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise WorkerLostError("the service ends; nothing is begun any more")
            process = start_module(
                _MODULE,
                str(self._root),
                by,
                action,
                *arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
            )
            self._running.add(process)
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing of it; the keeper kills its group some seconds after SIGTERM."""
    if process.poll() is None:
        process.terminate()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
