"""Show how much of a recording an instrument has listened to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tqdm import tqdm

from voxgate.ports import Aligner, Recogniser, SpeakerEncoder
from voxgate.types import (
    HEARING_RATE_HZ,
    Alignment,
    Embeddings,
    EvaluatorIdentity,
    Recognition,
    Transcript,
    Wave,
)

__all__ = ["Progress", "WatchedAligner", "WatchedEncoder", "WatchedRecogniser", "watch_step"]


@dataclass(frozen=True)
class Progress:
    """A bar that counts seconds of sound; what a cache knows is not listened to again."""

    bar: tqdm

    def heard(self, waves: Sequence[Wave]) -> None:
        """Count waves that were listened to."""
        self.bar.update(round(sum(map(len, waves)) / HEARING_RATE_HZ, 1))

    def passing(self, blocks: Iterable[Wave]) -> Iterator[Wave]:
        """Count blocks while they are listened to."""
        for block in blocks:
            yield block
            self.heard([block])


@contextmanager
def watch_step(name: str, step: str, seconds: float) -> Iterator[Progress]:
    """Show one step of a recording, of about so many seconds, where somebody looks on."""
    total = round(seconds, 1)
    with tqdm(total=total, desc=f"{name}: {step}", unit="s", disable=None) as bar:
        yield Progress(bar)


@dataclass(frozen=True)
class WatchedRecogniser:
    """Implements ports.Recogniser."""

    inner: Recogniser
    progress: Progress

    @property
    def identity(self) -> EvaluatorIdentity:
        """The instrument's."""
        return self.inner.identity

    def transcribe(
        self, waves: Sequence[Wave], *, max_tokens: Sequence[int] | None = None
    ) -> list[Transcript]:
        """Transcribe and count."""
        heard = self.inner.transcribe(waves, max_tokens=max_tokens)
        self.progress.heard(waves)
        return heard

    def recognise(self, waves: Sequence[Wave], texts: Sequence[str | None]) -> list[Recognition]:
        """Recognise and count."""
        heard = self.inner.recognise(waves, texts)
        self.progress.heard(waves)
        return heard


@dataclass(frozen=True)
class WatchedEncoder:
    """Implements ports.SpeakerEncoder."""

    inner: SpeakerEncoder
    progress: Progress

    @property
    def identity(self) -> EvaluatorIdentity:
        """The instrument's."""
        return self.inner.identity

    def embed(self, waves: Sequence[Wave]) -> Embeddings:
        """Embed and count."""
        vectors = self.inner.embed(waves)
        self.progress.heard(waves)
        return vectors


@dataclass(frozen=True)
class WatchedAligner:
    """Implements ports.Aligner."""

    inner: Aligner
    progress: Progress

    @property
    def identity(self) -> EvaluatorIdentity:
        """The instrument's."""
        return self.inner.identity

    def align(self, waves: Sequence[Wave], texts: Sequence[str]) -> list[Alignment | None]:
        """Align and count."""
        placed = self.inner.align(waves, texts)
        self.progress.heard(waves)
        return placed
