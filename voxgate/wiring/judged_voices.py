"""Load voices that are judged: voice packages of either kind, here or by an executor's workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from voxgate.errors import VoiceError
from voxgate.evaluation.spoken import Line, Spoken, speak_line
from voxgate.evaluation.synthesis import PooledVoice
from voxgate.executors import Executor
from voxgate.ports import Voice
from voxgate.voice.card import REPLAY, card_digest, read_card

__all__ = ["load_package", "pooled_voice"]


def load_package(folder: Path, *, threads: int) -> Voice:
    """Load a voice package.

    Raises:
        VoiceError: the folder is none.
        WeightsError: a file is absent, or not the one that the card names.
        TextError: the voice's language has no front end, or lacks its libraries.
    """
    from voxgate.speaking import load_voice
    from voxgate.voice.replay import load_replay
    from voxgate.wiring.text_features import packaged_text_features

    if read_card(folder).kind == REPLAY:
        return load_replay(folder)
    return load_voice(folder, threads=threads, text_features=packaged_text_features(folder))


def pooled_voice(executor: Executor, folder: Path, *, threads: int) -> PooledVoice:
    """Return the voice of a package, to be loaded by the executor's workers.

    It is the package that lies there now: a worker that finds another one says so.
    """
    return PooledVoice(executor, _Speaking(folder, card_digest(folder), threads))


@dataclass(frozen=True)
class _Speaking:
    """A voice package; its card names the sha256 of each file, and `digest` the card."""

    folder: Path
    digest: str
    threads: int

    @contextmanager
    def open(self) -> Iterator[Callable[[Line], Spoken]]:
        voice = load_package(self.folder, threads=self.threads)
        if (found := card_digest(self.folder)) != self.digest:
            raise VoiceError(
                f"{self.folder}: expected the voice package {self.digest}, found {found}; it was "
                "replaced meanwhile, or this machine's checkout is of another run"
            )
        yield partial(speak_line, voice)
