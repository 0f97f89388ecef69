"""Prepare recordings in a process of their own: what a file does to a decoder stays there.

Decoders are large C programs that read what strangers wrote. One that crashes, never returns or
asks for all memory costs its file, and the next file gets a new process.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

from voxgate.audio.preparation import PreparationTarget, PreparedAudio, prepare_recording
from voxgate.errors import RecordingError, StageError

__all__ = ["DECODER_FAILED", "PreparationWorker"]

DECODER_FAILED = "decoder_failed"
"""Code of a recording that ended its process. The next run tries again."""

_MEMORY_BYTES = 4 << 30
_PATIENCE_S = 120.0
_START_S = 120.0
_READY = "ready"


@dataclass
class PreparationWorker:
    """One process at a time, started for the first recording. Use as a context manager.

    memory_bytes: address space that the process may use.
    patience_s: how long one recording may take.
    """

    memory_bytes: int = _MEMORY_BYTES
    patience_s: float = _PATIENCE_S
    _process: BaseProcess | None = field(default=None, init=False)
    _pipe: Connection | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._end()

    def prepare(self, path: Path, target: PreparationTarget) -> PreparedAudio:
        """Prepare one recording, as `prepare_recording` does.

        Raises:
            RecordingError: the recording cannot be used; `decoder_failed` if it crashed the
                process, took too long or asked for too much memory.
            StageError: no process could be started.
        """
        pipe = self._pipe or self._start()
        try:
            pipe.send((path, target))
            if not pipe.poll(self.patience_s):
                self._end()
                raise _failure(path, f"took more than {self.patience_s:g} s to decode")
            answer = pipe.recv()
        except (EOFError, OSError):
            raise _failure(path, f"ended the decoder ({self._end()})") from None
        if isinstance(answer, PreparedAudio):
            return answer
        code, message = answer
        raise RecordingError(code, message)

    def _start(self) -> Connection:
        # Not fork: the parent may have threads.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self.memory_bytes), daemon=True)
        process.start()
        theirs.close()
        self._process, self._pipe = process, ours
        try:
            if ours.poll(_START_S) and ours.recv() == _READY:
                return ours
        except EOFError:
            pass
        raise StageError(
            f"the process that decodes recordings did not start ({self._end()}); what it wrote is "
            "above. Run it again; if that does not help, check free memory and the installation"
        )

    def _end(self) -> str:
        """End the process and say how it went."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is None or pipe is None:
            return "not started"
        pipe.close()  # the end of its orders
        process.join(1.0)
        if process.is_alive():
            process.kill()
            process.join()
        code = process.exitcode or 0
        process.close()
        return f"signal {-code}" if code < 0 else f"exit status {code}"


def _failure(path: Path, what: str) -> RecordingError:
    return RecordingError(
        DECODER_FAILED, f"{path.name} {what}: it is damaged or was made to do so; export it again"
    )


def _serve(pipe: Connection, memory_bytes: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says what an interrupt means
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pipe.send(_READY)
    # Decoders remark on files at length; what matters comes back as a fault.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    while True:
        try:
            path, target = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(path, target))


def _answer(path: Path, target: PreparationTarget) -> PreparedAudio | tuple[str, str]:
    try:
        return prepare_recording(path, target)
    except RecordingError as error:
        return error.code, str(error)
    except MemoryError:
        return DECODER_FAILED, str(_failure(path, "needs more memory than a recording may"))
    except OSError as error:
        return (
            "unreadable",
            f"{path.name}: the file cannot be read ({error.strerror}); check its permissions",
        )
