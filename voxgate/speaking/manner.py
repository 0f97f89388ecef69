"""A voice that says everything in one manner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from voxgate.speaking.options import SpeakingOptions
from voxgate.types import Speech

__all__ = ["MannerVoice"]


class _Willing(Protocol):
    """A voice that is told how to speak with each text."""

    @property
    def sample_rate_hz(self) -> int: ...

    def speak(self, text: str, *, seed: int, options: SpeakingOptions) -> Speech: ...


@dataclass(frozen=True)
class MannerVoice:
    """Implements ports.Voice: a voice that always speaks with the same options."""

    voice: _Willing
    options: SpeakingOptions

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of what `speak` returns."""
        return self.voice.sample_rate_hz

    def speak(self, text: str, *, seed: int) -> Speech:
        """Speak `text` as the voice does with these options."""
        return self.voice.speak(text, seed=seed, options=self.options)
