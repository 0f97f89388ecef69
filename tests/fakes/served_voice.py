"""A voice for the speech pool without a network, and workers that are threads of the test.

A text's sentences stand between bars. Some sentences do something:

    hold      waits until `HOLD` is set (threads only)
    wait 0.2  takes so long
    die       ends the worker, every time
    break     raises what nobody expected
"""

from __future__ import annotations

import hashlib
import multiprocessing
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from voxgate.errors import TextError
from voxgate.files import digest_file
from voxgate.serving.pool.protocol import Cancel, Setup
from voxgate.serving.pool.worker import serve
from voxgate.serving.requests import Lane, PackagedVoice, SpokenSentence, Utterance
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.presets import SpeakingPreset
from voxgate.speaking.reference import PreparedReference, ReferenceClip
from voxgate.speaking.sentence import SpokenPiece

LOADER = "tests.fakes.served_voice:load"
HOLD = threading.Event()
SPOKEN: list[str] = []
"""What the voices of this process began to say."""

PRESET = SpeakingPreset(name="plain", version=1)


class NoiseVoice:
    """Implements ServedVoice: a sentence is noise that its words, its place and the seed decide."""

    sample_rate_hz = 16_000

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prepared: list[ReferenceClip] = []

    def speak_sentences(
        self,
        text: str,
        *,
        seed: int,
        options: SpeakingOptions,
        first: int = 0,
        pause_s: float | None = None,
    ) -> Iterator[SpokenPiece]:
        if not text:
            raise TextError("nothing speakable")
        return self._pieces(text.split("|"), seed, first)

    def prepare_reference(self, *clips: ReferenceClip) -> PreparedReference:
        import torch

        self.prepared += clips
        nothing = torch.zeros(0, dtype=torch.int64)
        return PreparedReference(spectrograms=(), prompt_phones=nothing, prompt_tokens=nothing)

    def _pieces(self, sentences: list[str], seed: int, first: int) -> Iterator[SpokenPiece]:
        for place, sentence in enumerate(sentences[first:], start=first):
            SPOKEN.append(sentence)
            _act(sentence)
            name = f"{self.folder.name}:{seed}:{place}:{sentence}"
            digest = hashlib.sha256(name.encode()).digest()
            noise = np.random.default_rng(list(digest)).uniform(-0.5, 0.5, 200 + digest[0])
            yield SpokenPiece(place=place, wave=noise.astype(np.float32), stopped_by_limit=False)


def load(folder: Path, *, threads: int, precision: Any) -> NoiseVoice:
    assert threads == 1
    return NoiseVoice(folder)


def refuse(folder: Path, *, threads: int, precision: Any) -> NoiseVoice:
    raise TextError("told to refuse")


def _act(sentence: str) -> None:
    word, _, rest = sentence.partition(" ")
    if word == "hold":
        assert HOLD.wait(60)
    elif word == "wait":
        time.sleep(float(rest))
    elif word == "die":
        raise SystemExit(7)
    elif word == "break":
        raise KeyError("broken")


def packaged(folder: Path) -> PackagedVoice:
    """Write what passes for a voice package."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "voice.json").write_text(f'{{"name": "{folder.name}"}}', encoding="utf-8")
    return PackagedVoice(folder=folder, digest=digest_file(folder / "voice.json"))


def utterance(voice: PackagedVoice, text: str, *, seed: int = 1) -> Utterance:
    return Utterance(voice=voice, preset=PRESET, text=text, seed=seed)


def expected(spoken: Utterance) -> list[SpokenSentence]:
    """Say it without any pool."""
    from voxgate.serving.pool.voices import Speaker

    return list(Speaker(load).speak(spoken))


def same(ours: list[SpokenSentence], theirs: list[SpokenSentence]) -> bool:
    return [one.place for one in ours] == [one.place for one in theirs] and all(
        np.array_equal(one.pcm, other.pcm) for one, other in zip(ours, theirs, strict=True)
    )


class WatchedPipe(Connection):
    """The worker's end; `cancelled` are the orders whose cancellation the worker knows of."""

    def __init__(self, handle: int) -> None:
        super().__init__(handle)
        self.cancelled: list[int] = []
        self._last: Any = None

    def recv(self) -> Any:
        # Who reads on has taken in what came before.
        if isinstance(self._last, Cancel):
            self.cancelled.append(self._last.order)
        self._last = super().recv()
        return self._last


class ThreadWorker:
    """Implements WorkerLink in a thread."""

    def __init__(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        with theirs:
            self._theirs = WatchedPipe(_duplicate(theirs))
        self.setup: Setup | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def cancelled(self) -> list[int]:
        """Orders that the worker knows to be cancelled."""
        return self._theirs.cancelled

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()

    def end(self) -> str:
        self.kill()
        self._thread.join(20)
        return "a thread"

    def kill(self) -> None:
        """End both directions of the pipe, as the death of a process does."""
        with suppress(OSError), socket.socket(fileno=_duplicate(self._theirs)) as end:
            end.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        with suppress(EOFError, OSError, SystemExit):
            setup: Setup = self._theirs.recv()
            self.setup = setup
            serve(self._theirs, setup)
        self.kill()


class ThreadWorkers:
    """Starts such workers and knows them."""

    def __init__(self) -> None:
        self.started: list[ThreadWorker] = []
        self.environments: list[Mapping[str, str] | None] = []

    def __call__(self, *, environment: Mapping[str, str] | None = None) -> ThreadWorker:
        self.environments.append(environment)
        self.started.append(ThreadWorker())
        return self.started[-1]

    def of(self, lane: Lane) -> list[ThreadWorker]:
        return [
            one
            for one in self.started
            if one.setup is not None and one.setup.polite == (lane is Lane.BATCH)
        ]


def _duplicate(pipe: Connection) -> int:
    import os

    return os.dup(pipe.fileno())
