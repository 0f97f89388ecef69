"""What a voice takes its timbre and its manner from."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

__all__ = ["VoiceReference"]


@dataclass(frozen=True, kw_only=True)
class VoiceReference:
    """Recordings of a speaker, in the form that the networks read."""

    spectrograms: tuple[Tensor, ...]
    """(1, bins, any length) float32 each; their timbres are averaged."""

    prompt_phones: Tensor
    """(K,) int64 what the prompt says."""

    prompt_tokens: Tensor
    """(P,) int64 how it says it; S1 continues them."""
