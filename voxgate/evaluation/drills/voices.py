"""Voices that do something wrong whenever they speak; each implements ports.Voice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from voxgate.audio.resampling import resample
from voxgate.files import digest_bytes
from voxgate.ports import Voice
from voxgate.types import HEARING_RATE_HZ, Speech, Wave
from voxgate.voice.replay import ReplayVoice

__all__ = [
    "Damager",
    "Foreigner",
    "Leaker",
    "Misreader",
    "Mixer",
    "Remembering",
    "Splicer",
]

_NEAREST = 5
_ONE_IN = 3


@dataclass(frozen=True)
class Remembering:
    """Says again what it said before, so that several bad voices cost one synthesis."""

    voice: Voice
    said: dict[tuple[str, int], Speech] = field(default_factory=dict, repr=False)

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of the voice."""
        return self.voice.sample_rate_hz

    def speak(self, text: str, *, seed: int) -> Speech:
        """Speak, or say it again."""
        if (text, seed) not in self.said:
            self.said[text, seed] = self.voice.speak(text, seed=seed)
        return self.said[text, seed]


@dataclass(frozen=True)
class Misreader:
    """Reads a changed text."""

    voice: Voice
    change: Callable[[str], str]

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of the voice."""
        return self.voice.sample_rate_hz

    def speak(self, text: str, *, seed: int) -> Speech:
        """Speak another text."""
        return self.voice.speak(self.change(text), seed=seed)


@dataclass(frozen=True)
class Damager:
    """Changes what a voice says; with `sometimes`, in about one sample of three, by its seed."""

    voice: Voice
    change: Callable[[Wave], Wave]
    sometimes: bool = False

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of the voice."""
        return self.voice.sample_rate_hz

    def speak(self, text: str, *, seed: int) -> Speech:
        """Speak, and change it."""
        speech = self.voice.speak(text, seed=seed)
        if self.sometimes and seed % _ONE_IN:
            return speech
        return Speech(wave=self.change(speech.wave), sample_rate_hz=speech.sample_rate_hz)


@dataclass(frozen=True)
class Foreigner:
    """Says something in another language, about as long as the prompt."""

    voice: Voice
    clips: Sequence[Wave]
    sample_rate_hz: int = HEARING_RATE_HZ

    def speak(self, text: str, *, seed: int) -> Speech:
        """Play a recording."""
        length = round(self.voice.speak(text, seed=seed).duration_s * HEARING_RATE_HZ)
        near = sorted(self.clips, key=lambda clip: abs(len(clip) - length))[:_NEAREST]
        return Speech(wave=near[seed % len(near)], sample_rate_hz=HEARING_RATE_HZ)


@dataclass(frozen=True)
class Mixer:
    """Says what it recorded for the next prompt, in an order by digest; the last says the first."""

    replay: ReplayVoice
    sample_rate_hz: int = HEARING_RATE_HZ

    def speak(self, text: str, *, seed: int) -> Speech:
        """Play a recording of another prompt."""
        texts = sorted(self.replay.recordings, key=lambda one: digest_bytes(one.encode()))
        other = texts[(texts.index(text) + 1) % len(texts)]
        found = self.replay.recordings[other]
        if isinstance(found, np.ndarray):
            return Speech(wave=found, sample_rate_hz=HEARING_RATE_HZ)
        seeds = sorted(found)
        return Speech(wave=found[seeds[seed % len(seeds)]], sample_rate_hz=HEARING_RATE_HZ)


@dataclass(frozen=True)
class Splicer:
    """Joins what two voices say of the same text, `own` at 16 kHz."""

    own: Voice
    other: Voice
    join: Callable[[Wave, Wave], Wave]
    sample_rate_hz: int = HEARING_RATE_HZ

    def speak(self, text: str, *, seed: int) -> Speech:
        """Let both speak, and join."""
        own = self.own.speak(text, seed=seed).wave
        return Speech(
            wave=self.join(own, _heard(self.other.speak(text, seed=seed))),
            sample_rate_hz=HEARING_RATE_HZ,
        )


@dataclass(frozen=True)
class Leaker:
    """Says `words` first, always in the same way; what follows is at 16 kHz."""

    own: Voice
    voice: Voice
    words: str
    join: Callable[[Wave, Wave], Wave]
    sample_rate_hz: int = HEARING_RATE_HZ

    def speak(self, text: str, *, seed: int) -> Speech:
        """Speak, with the words before it."""
        first = _heard(self.voice.speak(self.words, seed=0))
        own = self.own.speak(text, seed=seed).wave
        return Speech(wave=self.join(own, first), sample_rate_hz=HEARING_RATE_HZ)


def _heard(speech: Speech) -> Wave:
    return resample(speech.wave, speech.sample_rate_hz, HEARING_RATE_HZ)
