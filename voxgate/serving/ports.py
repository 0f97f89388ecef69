"""What the speech service asks of its parts, as protocols; tests have fakes of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from voxgate.serving.requests import Lane, SpeechRequest, SpokenSentence, Utterance

__all__ = ["Answer", "Caller", "Readiness", "SpeechPool", "SpeechService"]


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks, as their key says; `rights` are names such as `speak`, `jobs`, `profiles:write`.

    `purpose` is the consent scope that the caller's use needs: internal or publication.
    """

    key_id: str
    lane: Lane
    rights: frozenset[str]
    purpose: str
    request_id: str
    trace_id: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Speech that began: what it is made with, and its sentences as they are ready.

    `cache` says where the first sentence comes from: kept, somebody else's request, or made anew.
    Files are brought to `loudness_lufs`; None leaves the voice's own level, as a stream does.
    `device` is the kind of GPU that speaks, None the processor: their samples differ.
    """

    model: str
    version: int
    voice_digest: str
    profile: str | None
    preset: str
    preset_digest: str
    seed: int
    cache: Literal["hit", "join", "miss"]
    sample_rate_hz: int
    sentences: AsyncIterator[SpokenSentence]
    loudness_lufs: float | None = None
    device: str | None = None


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """Whether the real-time lane can speak, and what fails besides.

    Of a lane a pool tells its `workers` (`places`: all that there should be, `spares` of them
    besides those that may speak at once; how many are `warm` and `at_work`), how many utterances
    wait (`queue_depth`), and for how long the first (`oldest_age_s`); the rest is for people.
    """

    ready: bool
    degraded: tuple[str, ...] = ()
    lanes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class SpeechPool(Protocol):
    """Warm processes that speak. Everything runs in the caller's event loop."""

    def speak(
        self, utterance: Utterance, *, lane: Lane, deadline_s: float | None = None, first: int = 0
    ) -> AsyncIterator[SpokenSentence]:
        """Speak an utterance from sentence `first` on; leaving the iterator ends the work.

        `deadline_s` bounds the wait for the first sentence, in seconds from now. A worker that dies
        costs time: the rest comes from another one, from the first sentence that was not handed
        out.

        Raises:
            OverloadedError: the lane's queue is full; nothing was begun.
            DeadlineError: nobody was free in time.
            WorkerLostError: the workers died again and again.
            DeviceMemoryError: a GPU has no room for it.
            UnmeasuredError: nobody has measured what it needs on a GPU.
            TextError, VoiceError, WeightsError: as the voice raises them.
        """
        ...

    def readiness(self) -> Readiness:
        """Say which lanes have warm workers: each has spoken a real text."""
        ...


class SpeechService(Protocol):
    """Speech from a request: resolved, allowed, kept, made, audited."""

    async def say(
        self, request: SpeechRequest, *, caller: Caller, deadline_s: float | None = None
    ) -> Answer:
        """Resolve a request and begin to speak it; the first sentence is ready when this returns.

        Raises:
            SpeechRequestError, UnknownProfileError, UnknownPresetError, UnknownVersionError,
            ProfileStateError, ConsentError, QuarantinedVersionError, AccessDeniedError: refused.
            OverloadedError, DeadlineError, WorkerLostError, LedgerError, StorageError,
            ExternalServiceError: not now.
            TextError, VoiceError: it cannot be spoken.
        """
        ...

    def check(self, request: SpeechRequest, *, caller: Caller) -> None:
        """Raise what `say` would now raise of a request before anything is spoken.

        It costs no input or output, and may be called from any thread. Whether the text can be
        spoken is not known by it.

        Raises:
            SpeechRequestError, UnknownProfileError, UnknownPresetError, UnknownVersionError,
            ProfileStateError, ConsentError, QuarantinedVersionError, AccessDeniedError: refused.
            OverloadedError, LedgerError: not now.
        """
        ...

    def models(self) -> Sequence[Mapping[str, Any]]:
        """Return the models that can be asked for, with what is live; JSON values."""
        ...

    def profiles(self) -> Sequence[Mapping[str, Any]]:
        """Return the speaker profiles that can be asked for; JSON values."""
        ...

    def presets(self) -> Sequence[Mapping[str, Any]]:
        """Return the presets; JSON values."""
        ...

    def readiness(self) -> Readiness:
        """Say whether the service can speak."""
        ...
