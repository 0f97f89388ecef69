"""What the pool and one of its worker processes say to each other, over a pipe.

    pool → worker   Setup, then any number of Speak and Cancel
    worker → pool   Ready or Failed (order 0), then for each Speak: Sentence ..., and Done or Failed

The pipe pickles these classes and nothing else; both ends are ours, and no one else holds the pipe.
Orders of one worker are numbered from 1; it works on one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.errors import (
    AssetError,
    ReferenceAudioError,
    SpeechError,
    StorageError,
    TextError,
    VoiceError,
    VoxgateError,
    WeightsError,
)
from voxgate.serving.pool.memory_budget import (
    DeviceMemoryError,
    OutOfDeviceMemoryError,
    UnmeasuredError,
)
from voxgate.serving.requests import SpokenSentence, Utterance

__all__ = [
    "SETUP_ORDER",
    "Cancel",
    "Done",
    "Failed",
    "Ready",
    "Sentence",
    "Setup",
    "Speak",
    "ToPool",
    "ToWorker",
]

SETUP_ORDER = 0
"""The number under which a worker reports that it could not set up."""

_KNOWN: dict[str, type[VoxgateError]] = {
    kind.__name__: kind
    for kind in (
        AssetError,
        DeviceMemoryError,
        OutOfDeviceMemoryError,
        ReferenceAudioError,
        StorageError,
        TextError,
        UnmeasuredError,
        VoiceError,
        WeightsError,
    )
}
"""What a voice raises on purpose: it comes out of the pool as it came out of the voice."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """The first message: how to load voices, and what to say before anybody waits for it.

    `loader` is `module:function` with the arguments of `voxgate.speaking.load_voice`, and `root`
    one more where it is given; a worker keeps the `voices` that were last used. `polite` leaves
    the processor to whoever else wants it.
    """

    loader: str
    warm_up: Utterance
    voices: int
    polite: bool
    root: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Speak:
    """Speak an utterance from sentence `first` on."""

    order: int
    utterance: Utterance
    first: int


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """Nobody listens any more: stop before the next sentence."""

    order: int


@dataclass(frozen=True, kw_only=True)
class Ready:
    """The warm-up was spoken, in `warm_up_s`; `rss_bytes` of memory are resident."""

    pid: int
    rss_bytes: int
    warm_up_s: float


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of the order is ready."""

    order: int
    spoken: SpokenSentence


@dataclass(frozen=True, kw_only=True)
class Done:
    """The order is at its end: all of it was spoken, or it was cancelled."""

    order: int
    rss_bytes: int


@dataclass(frozen=True, kw_only=True)
class Failed:
    """The order cannot be spoken; the worker goes on, unless it was its setup."""

    order: int
    rss_bytes: int
    error: str
    message: str

    @classmethod
    def of(cls, error: Exception, *, order: int, rss_bytes: int) -> Failed:
        """Say what was raised."""
        return cls(order=order, rss_bytes=rss_bytes, error=type(error).__name__, message=str(error))

    def exception(self) -> VoxgateError:
        """Return the voice's own error, or a SpeechError that names one that nobody expected."""
        kind = _KNOWN.get(self.error)
        if kind is not None:
            return kind(self.message)
        return SpeechError(f"the voice failed unexpectedly ({self.error}: {self.message})")


ToWorker = Setup | Speak | Cancel
ToPool = Ready | Sentence | Done | Failed
