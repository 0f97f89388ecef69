"""Voices with one fault each: a gate that lets one of them pass protects nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from voxgate.evaluation.drills.damage import (
    add_noise,
    drop_words,
    repeat_words,
    shift_pitch,
    silence,
    truncate,
)
from voxgate.ports import Voice
from voxgate.types import HEARING_RATE_HZ, Speech, Wave
from voxgate.voice.replay import ReplayVoice

__all__ = ["FAULTS", "HURRY", "Fault", "Sources"]

HURRY = 1.5
"""How much faster the hurried voice of `Sources` speaks, at its own pitch."""

_NEAREST = 5


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What bad voices are made of. `digest` names it all.

    `voice` is the sound voice, `replay` plays what it said when it was judged; `hurried` is the
    same voice `HURRY` times as fast, `stranger` another speaker who reads the same prompts, and
    `foreign` are recordings in another language, 16 kHz.
    """

    voice: Voice
    replay: ReplayVoice
    hurried: Voice
    stranger: Voice
    foreign: Sequence[Wave] = field(repr=False)
    digest: str


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A bad voice. `expected` are the reasons that the gate must give, all of them."""

    name: str
    what: str
    expected: frozenset[str]
    build: Callable[[Sources], Voice]


@dataclass(frozen=True)
class _Misreader:
    """Reads a changed text."""

    voice: Voice
    change: Callable[[str], str]

    @property
    def sample_rate_hz(self) -> int:
        return self.voice.sample_rate_hz

    def speak(self, text: str, *, seed: int) -> Speech:
        return self.voice.speak(self.change(text), seed=seed)


@dataclass(frozen=True)
class _Damager:
    """Changes what a voice says."""

    voice: Voice
    change: Callable[[Wave], Wave]

    @property
    def sample_rate_hz(self) -> int:
        return self.voice.sample_rate_hz

    def speak(self, text: str, *, seed: int) -> Speech:
        speech = self.voice.speak(text, seed=seed)
        return Speech(wave=self.change(speech.wave), sample_rate_hz=speech.sample_rate_hz)


@dataclass(frozen=True)
class _Foreigner:
    """Says something in another language, about as long as the prompt."""

    voice: Voice
    clips: Sequence[Wave]
    sample_rate_hz: int = HEARING_RATE_HZ

    def speak(self, text: str, *, seed: int) -> Speech:
        length = round(self.voice.speak(text, seed=seed).duration_s * HEARING_RATE_HZ)
        near = sorted(self.clips, key=lambda clip: abs(len(clip) - length))[:_NEAREST]
        return Speech(wave=near[seed % len(near)], sample_rate_hz=HEARING_RATE_HZ)


def _misread(change: Callable[[str], str]) -> Callable[[Sources], Voice]:
    return lambda sources: _Misreader(sources.voice, change)


def _damaged(change: Callable[[Wave], Wave]) -> Callable[[Sources], Voice]:
    return lambda sources: _Damager(sources.replay, change)


def _reasons(*codes: str) -> frozenset[str]:
    return frozenset(codes)


FAULTS = (
    Fault(
        name="wrong speaker",
        what="the base voice reads the prompts with another speaker's reference",
        expected=_reasons("similarity_floor", "similarity_versus_champion"),
        build=lambda sources: sources.stranger,
    ),
    Fault(
        name="dropped words",
        what="every fifth word is left out",
        expected=_reasons("wer_versus_champion"),
        build=_misread(drop_words),
    ),
    Fault(
        name="repeated words",
        what="every fifth word is said twice",
        expected=_reasons("wer_versus_champion"),
        build=_misread(repeat_words),
    ),
    Fault(
        name="noise",
        what="white noise, 10 dB below the speech",
        expected=_reasons("similarity_versus_champion"),
        build=_damaged(add_noise),
    ),
    Fault(
        name="silence",
        what="silence of the right length",
        expected=_reasons("wer_floor", "catastrophe_floor", "similarity_floor"),
        build=_damaged(silence),
    ),
    Fault(
        name="truncation",
        what="the last 40 % are cut off",
        expected=_reasons("wer_versus_champion"),
        build=_damaged(truncate),
    ),
    Fault(
        name="wrong language",
        what="Spanish recordings of about the right length",
        expected=_reasons("wer_floor", "catastrophe_floor"),
        build=lambda sources: _Foreigner(sources.replay, sources.foreign),
    ),
    Fault(
        name="pitch shift",
        what="two semitones up, as long as before",
        expected=_reasons("similarity_versus_champion"),
        build=_damaged(shift_pitch),
    ),
    Fault(
        name="speed-up",
        what="1.5 times as fast, at the same pitch",
        expected=_reasons("similarity_versus_champion"),
        build=lambda sources: sources.hurried,
    ),
)
