"""Modules of ours in processes of their own, with one thread, which end when this process does.

A fresh interpreter, never a fork: a voice hangs in a process that was forked after OpenMP had begun
(docs/speech_pool.md). So what OpenMP is told stands in the environment before anything is imported.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from voxgate import errors
from voxgate.errors import ConfigError, VoxgateError
from voxgate.tether import GRACE_S, start_tethered

__all__ = ["ONE_THREAD", "PipedModule", "start_module", "tell_error", "told_error"]

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_WAIT_POLICY": "PASSIVE",
}
"""Other numbers give other samples, and threads that spin take the processor from other workers."""


def start_module(
    module: str,
    *words: str,
    environment: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
    **options: Any,
) -> subprocess.Popen[Any]:
    """Start `python -m MODULE WORDS`; returns its keeper (`voxgate.tether`).

    `environment` is added to this process's, before the interpreter starts.
    """
    # It finds the modules that this process finds.
    found = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return start_tethered(
        [sys.executable, "-P", "-m", module, *words],
        env={**os.environ, **found, **ONE_THREAD, **(environment or {})},
        keep_open=keep_open,
        **options,
    )


class PipedModule:
    """A module that is told, as its last word, the descriptor of its end of a pipe."""

    def __init__(
        self,
        module: str,
        *words: str,
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        self.pipe: Connection
        self.pipe, theirs = multiprocessing.Pipe()
        descriptor = theirs.fileno()
        try:
            self.keeper = start_module(
                module, *words, str(descriptor),
                environment=environment, keep_open=(descriptor,), **options,
            )  # fmt: skip
        finally:
            theirs.close()

    def end(self) -> str:
        """End the keeper's group, wait for it, and say how it went; may be called again."""
        self.keeper.terminate()
        try:
            status = self.keeper.wait(GRACE_S + 2.0)
        except subprocess.TimeoutExpired:  # stopped, keeper and all
            with suppress(ProcessLookupError):
                os.killpg(self.keeper.pid, signal.SIGKILL)
            status = self.keeper.wait()
        return f"exit status {status}"


def tell_error(error: VoxgateError) -> dict[str, Any]:
    """Return what another process is told of an error, as JSON values."""
    told: dict[str, Any] = {"error": type(error).__name__, "message": str(error)}
    if isinstance(error, ConfigError):
        told |= {"where": error.where, "faults": list(error.faults)}
    return told


def told_error(told: Mapping[str, Any]) -> VoxgateError:
    """Return the error that `tell_error` told, of its kind where that can be made again."""
    found = getattr(errors, told["error"], None)
    if isinstance(found, type) and issubclass(found, ConfigError):
        return found(told["where"], told["faults"])
    if isinstance(found, type) and issubclass(found, VoxgateError):
        with suppress(TypeError):  # one that takes more than a message
            return found(told["message"])
    return VoxgateError(f"{told['error']}: {told['message']}")
