"""Works for the tests of evaluation: importable by workers, which are other processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.fakes.voice import ToneVoice
from voxgate.adapters.executors.instruments import Question, answer_question
from voxgate.errors import WeightsError
from voxgate.evaluation.spoken import Line, Spoken, speak_line

__all__ = ["Asking", "Dying", "SpeakingTiny", "SpeakingTones", "Voiceless"]


@dataclass(frozen=True)
class Asking:
    """An instrument that travels: fakes are values."""

    instrument: Any

    @contextmanager
    def open(self) -> Iterator[Callable[[Question], Any]]:
        yield partial(answer_question, self.instrument)


@dataclass(frozen=True)
class SpeakingTones:
    """Tones; `opened` gets a line each time that a worker opens it."""

    opened: Path | None = None

    @contextmanager
    def open(self) -> Iterator[Callable[[Line], Spoken]]:
        if self.opened is not None:
            with self.opened.open("a") as stream:
                stream.write(f"{os.getpid()}\n")
        yield partial(speak_line, ToneVoice())


@dataclass(frozen=True)
class SpeakingTiny:
    """A package of the tiny preset, which workers do not know by themselves."""

    folder: Path

    @contextmanager
    def open(self) -> Iterator[Callable[[Line], Spoken]]:
        import pytest

        from tests.fakes.tiny_preset import install_tiny_preset
        from voxgate.speaking import load_voice

        with pytest.MonkeyPatch.context() as patch:
            install_tiny_preset(patch)
            yield partial(speak_line, load_voice(self.folder, threads=2))


@dataclass(frozen=True)
class Dying:
    """Tones, from a worker that is killed at `text`: once if `once` names a file, else always."""

    text: str
    once: Path | None = None

    @contextmanager
    def open(self) -> Iterator[Callable[[Line], Spoken]]:
        yield self.speak

    def speak(self, line: Line) -> Spoken:
        """Speak the line, or die."""
        if line.text == self.text and not (self.once and self.once.exists()):
            if self.once:
                self.once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return speak_line(ToneVoice(), line)


@dataclass(frozen=True)
class Voiceless:
    """A voice whose weights are absent."""

    @contextmanager
    def open(self) -> Iterator[Callable[[Line], Spoken]]:
        raise WeightsError("s1.safetensors is missing")
        yield partial(speak_line, ToneVoice())
