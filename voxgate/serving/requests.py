"""What a caller wants said, what a worker is told, and what comes back.

Every dialect (OpenAI, GPT-SoVITS, jobs, campaigns) maps its fields to a `SpeechRequest`. Resolving
it (which version, which profile, which preset) gives an `Utterance`, which holds everything that
decides the samples and nothing else, so that it can be sent to another process and named by digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.speaking.presets import SpeakingPreset

__all__ = [
    "Lane",
    "PackagedVoice",
    "ReferencePlace",
    "SpeechRequest",
    "SpokenSentence",
    "Utterance",
]


class Lane(StrEnum):
    """How soon something must be said; it follows from the caller's key, never from a request."""

    REAL_TIME = "real_time"
    BATCH = "batch"


@dataclass(frozen=True, kw_only=True)
class SpeechRequest:
    """What a caller wants said. None leaves the choice to release, profile or preset.

    `preset` is `name` (its newest version) or `name@version`; `model` is a name in the ledger and
    `version` one of its versions, None what is live. `speed` above 1 is faster, 0.5 to 2.
    """

    text: str
    model: str
    version: int | None = None
    profile: str | None = None
    preset: str | None = None
    seed: int | None = None
    speed: float = 1.0


@dataclass(frozen=True, kw_only=True)
class PackagedVoice:
    """A voice package on this machine, and the digest of its card."""

    folder: Path
    digest: str


@dataclass(frozen=True, kw_only=True)
class ReferencePlace:
    """The prepared reference of one profile version: which samples of a folder, and what they say.

    `sha256` is of the samples (`speakers.reference_files`). `text` is None where only the timbre is
    taken from it.
    """

    folder: Path
    sha256: str
    text: str | None


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """One text as a worker is asked for it; equal utterances have equal samples.

    `reference` None is the reference of the voice package.
    """

    voice: PackagedVoice
    preset: SpeakingPreset
    text: str
    seed: int
    reference: ReferencePlace | None = None
    speed: float = 1.0


@dataclass(frozen=True, kw_only=True)
class SpokenSentence:
    """One sentence of an utterance: (T,) int16, with the pause before it where `place` is not 0.

    Joined in order of place the sentences are what the voice says when it is asked for the whole.
    """

    place: int
    pcm: NDArray[np.int16]
    sample_rate_hz: int
    stopped_by_limit: bool
