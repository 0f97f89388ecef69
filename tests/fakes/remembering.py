"""Instruments that answer from memory what they were asked before, and ask a real one the rest.

For tests that judge several voices with the same instruments: each judgement tests these anew, on
the same clips, and each would load them anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from voxgate.files import digest_bytes
from voxgate.ports import SpeakerEncoder, Transcriber
from voxgate.types import Embeddings, EvaluatorIdentity, Transcript, Wave

__all__ = ["RememberingEncoder", "RememberingTranscriber"]


@dataclass(frozen=True)
class RememberingTranscriber:
    """Implements ports.Transcriber with another one."""

    asked: Transcriber
    known: dict[tuple[str, int | None], Transcript] = field(default_factory=dict)

    @property
    def identity(self) -> EvaluatorIdentity:
        return self.asked.identity

    def transcribe(
        self, waves: Sequence[Wave], *, max_tokens: Sequence[int] | None = None
    ) -> list[Transcript]:
        limits = [None] * len(waves) if max_tokens is None else list(max_tokens)
        keys = [(_name(wave), limit) for wave, limit in zip(waves, limits, strict=True)]
        new = [n for n, key in enumerate(keys) if key not in self.known]
        if new:
            heard = self.asked.transcribe(
                [waves[n] for n in new],
                max_tokens=None if max_tokens is None else [max_tokens[n] for n in new],
            )
            self.known.update(zip((keys[n] for n in new), heard, strict=True))
        return [self.known[key] for key in keys]


@dataclass(frozen=True)
class RememberingEncoder:
    """Implements ports.SpeakerEncoder with another one."""

    asked: SpeakerEncoder
    known: dict[str, Embeddings] = field(default_factory=dict)

    @property
    def identity(self) -> EvaluatorIdentity:
        return self.asked.identity

    def embed(self, waves: Sequence[Wave]) -> Embeddings:
        keys = [_name(wave) for wave in waves]
        new = [n for n, key in enumerate(keys) if key not in self.known]
        if new:
            vectors = self.asked.embed([waves[n] for n in new])
            self.known.update(zip((keys[n] for n in new), vectors, strict=True))
        return np.stack([self.known[key] for key in keys]) if keys else self.asked.embed([])


def _name(wave: Wave) -> str:
    return digest_bytes(np.ascontiguousarray(wave).tobytes())
