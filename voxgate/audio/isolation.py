"""Decode recordings in a process of their own: what a file does to a decoder stays there.

Decoders are large C programs that read what strangers wrote. One that crashes, never returns or
asks for all memory costs its file, and the next file gets a new process.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self

from voxgate.audio.preparation import PreparationTarget, PreparedAudio, prepare_recording
from voxgate.errors import RecordingError, StageError, StorageError

__all__ = ["DECODER_FAILED", "PATIENCE_S", "DecoderProcess", "PreparationWorker", "Tell"]

DECODER_FAILED = "decoder_failed"
"""Code of a recording that ended its process. The next run tries again."""

PATIENCE_S = 120.0
"""How long a decoder may give no sign of life."""

_MEMORY_BYTES = 4 << 30
_START_S = 120.0
_READY = "ready"

Tell = Callable[[float], None]
"""Takes the seconds of a recording that are done; a sign of life as well."""


@dataclass(frozen=True)
class _Progress:
    seconds: float


@dataclass(frozen=True)
class _Fault:
    """An error on its way through a pipe; without a code the disk refused."""

    code: str | None
    message: str


@dataclass
class DecoderProcess:
    """One process at a time, started for the first recording. Use as a context manager.

    work: what it does with a path and an order; a function of a module, and its answer can be
        pickled.
    memory_bytes: address space that the process may use.
    patience_s: how long it may give no sign of life.
    """

    work: Callable[[Path, Any, Tell], Any]
    memory_bytes: int = _MEMORY_BYTES
    patience_s: float = PATIENCE_S
    _process: BaseProcess | None = field(default=None, init=False)
    _pipe: Connection | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._end()

    def ask(self, path: Path, order: object, *, told: Tell | None = None) -> Any:
        """Return what the work makes of one recording.

        Raises:
            RecordingError: the work's own; `decoder_failed` if the recording crashed the process,
                took too long or asked for too much memory.
            StorageError: the work's own.
            StageError: no process could be started.
        """
        answer = self._answer(path, order, told or _unheard)
        if not isinstance(answer, _Fault):
            return answer
        if answer.code is None:
            raise StorageError(answer.message)
        raise RecordingError(answer.code, answer.message)

    def _answer(self, path: Path, order: object, told: Tell) -> Any:
        pipe = self._pipe or self._start()
        answer: object = _Progress(0.0)
        try:
            pipe.send((path, order))
            while isinstance(answer, _Progress):
                if not pipe.poll(self.patience_s):
                    self._end(patience_s=0)
                    raise _failure(path, f"took more than {self.patience_s:g} s to decode")
                answer = pipe.recv()
                if isinstance(answer, _Progress):
                    told(answer.seconds)
        except (EOFError, OSError):
            raise _failure(path, f"ended the decoder ({self._end()})") from None
        return answer

    def _start(self) -> Connection:
        # Not fork: the parent may have threads.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, self.work, self.memory_bytes), daemon=True
        )
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

    def _end(self, patience_s: float = 1.0) -> str:
        """End the process and say how it went."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is None or pipe is None:
            return "not started"
        pipe.close()  # the end of its orders
        process.join(patience_s)
        if process.is_alive():
            process.kill()
            process.join()
        code = process.exitcode or 0
        process.close()
        return f"signal {-code}" if code < 0 else f"exit status {code}"


@dataclass
class PreparationWorker(DecoderProcess):
    """Prepares recordings for the corpus."""

    work: Callable[[Path, Any, Tell], Any] = field(default_factory=lambda: _prepare)

    def prepare(self, path: Path, target: PreparationTarget) -> PreparedAudio:
        """Prepare one recording, as `prepare_recording` does.

        Raises:
            RecordingError: the recording cannot be used; `decoder_failed` if it ended the process.
            StageError: no process could be started.
        """
        prepared: PreparedAudio = self.ask(path, target)
        return prepared


def _prepare(path: Path, target: PreparationTarget, _tell: Tell) -> PreparedAudio:
    return prepare_recording(path, target)


def _unheard(_seconds: float) -> None:
    """Hear nothing."""


def _failure(path: Path, what: str) -> RecordingError:
    return RecordingError(
        DECODER_FAILED, f"{path.name} {what}: it is damaged or was made to do so; export it again"
    )


def _serve(pipe: Connection, work: Callable[[Path, Any, Tell], Any], memory_bytes: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says what an interrupt means
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pipe.send(_READY)
    # Decoders remark on files at length; what matters comes back as a fault.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)

    def tell(seconds: float) -> None:
        pipe.send(_Progress(seconds))

    while True:
        try:
            path, order = pipe.recv()
        except EOFError:
            return
        pipe.send(_attempt(work, path, order, tell))


def _attempt(work: Callable[[Path, Any, Tell], Any], path: Path, order: Any, tell: Tell) -> Any:
    try:
        return work(path, order, tell)
    except RecordingError as error:
        return _Fault(error.code, str(error))
    except StorageError as error:
        return _Fault(None, str(error))
    except MemoryError:
        return _Fault(DECODER_FAILED, str(_failure(path, "needs more memory than a recording may")))
    except BrokenPipeError:
        raise SystemExit from None  # nobody is left who wants to know
    except OSError as error:
        return _Fault(
            "unreadable",
            f"{path.name}: the file cannot be read ({error.strerror}); check its permissions",
        )
