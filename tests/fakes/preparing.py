"""Ways of preparing recordings, for the tests of ingest: importable by workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from voxgate.audio.preparation import PreparationTarget, PreparedAudio, prepare_recording
from voxgate.corpus.prepared_recordings import Prepare, Prepared, PreparingRecordings

__all__ = ["Dying", "Elsewhere", "PreparingHere"]


@dataclass(frozen=True)
class PreparingHere(PreparingRecordings):
    """Decodes without a process of its own; None decodes nothing."""

    decode: Prepare | None = prepare_recording

    @contextmanager
    def open(self) -> Iterator[Callable[[str], Prepared]]:
        yield partial(self.prepare, decode=self.decode or _refuse)


@dataclass(frozen=True)
class Dying(PreparingRecordings):
    """Kills its worker at a recording: once if `once` names a file, else each time."""

    at: str = ""
    once: Path | None = None

    @contextmanager
    def open(self) -> Iterator[Callable[[str], Prepared]]:
        with super().open() as answer:
            yield partial(self._answer, answer)

    def _answer(self, answer: Callable[[str], Prepared], path: str) -> Prepared:
        if path == self.at and not (self.once and self.once.exists()):
            if self.once:
                self.once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return answer(path)


@dataclass(frozen=True)
class Elsewhere(PreparingRecordings):
    """Works on a machine that has another folder, or none, in the place of data/."""

    seen: Path = Path("/nowhere")

    @contextmanager
    def open(self) -> Iterator[Callable[[str], Prepared]]:
        there = PreparingRecordings(self.seen, self.target, self.cache)
        with there.open() as answer:
            yield answer


def _refuse(path: Path, _target: PreparationTarget) -> PreparedAudio:
    raise AssertionError(f"{path} is decoded again")
