"""A language of tones: each word is a pitch, each speaker a range, so that fakes can really listen.

What is said is in the samples alone. So the instruments here answer for any cut of any recording,
in any process, and a wrong cut is heard as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.cutting import RecordingCutter
from voxgate.corpus.cutting.instruments import Instruments
from voxgate.params import Params
from voxgate.types import (
    HEARING_RATE_HZ,
    Alignment,
    Embeddings,
    EvaluatorIdentity,
    Probabilities,
    Recognition,
    Transcript,
    Wave,
    WordTiming,
)

__all__ = [
    "WORDS",
    "ToneAligner",
    "ToneDetector",
    "ToneEncoder",
    "ToneRecogniser",
    "hush",
    "say",
    "tone_cutter",
]

WORDS = "one two three four five six seven eight nine ten stop. wait. go. Well, yes no".split()
WORD_S = 0.3
_GAP_S = 0.05
_FRAME = 160
_LOUD = 0.05
_ROOM = 10 ** (-70 / 20)
_RANGES_HZ = {"anna": 300.0, "ben": 1500.0}
_STEP_HZ = 50.0
_TOP_HZ = 2600.0


def say(text: str, speaker: str = "anna", *, rate_hz: int = HEARING_RATE_HZ) -> Wave:
    """Return the words of `text`, 0.3 s each, with gaps that are no pauses."""
    time_s = np.arange(round(WORD_S * rate_hz)) / rate_hz
    gap = hush(_GAP_S, rate_hz=rate_hz)
    parts: list[Wave] = []
    for word in text.split():
        pitch_hz = _RANGES_HZ[speaker] + _STEP_HZ * WORDS.index(word)
        parts += [(0.3 * np.sin(2 * np.pi * pitch_hz * time_s)).astype(np.float32), gap]
    return np.concatenate(parts[:-1])


def hush(seconds: float, *, rate_hz: int = HEARING_RATE_HZ) -> Wave:
    """Return the silence of a quiet room: noise at -70 dBFS."""
    draw = np.random.default_rng(0).standard_normal(round(seconds * rate_hz))
    return (_ROOM * draw).astype(np.float32)


def _identity(name: str) -> EvaluatorIdentity:
    return EvaluatorIdentity(name=name, weights_sha256="0" * 64, options={"fake": True})


def _loudness(wave: Wave, size: int) -> np.ndarray:
    padded = np.pad(wave, (0, -len(wave) % size)).reshape(-1, size)
    return np.sqrt(np.mean(padded.astype(np.float64) ** 2, axis=1))


def _listen(wave: Wave) -> list[tuple[str, WordTiming]]:
    """Return (speaker, word) of each tone; a torn one is heard as "uh"."""
    loud = np.concatenate([[False], _loudness(wave, _FRAME) > _LOUD, [False]])
    edges = np.flatnonzero(np.diff(loud)).reshape(-1, 2) * _FRAME
    heard = []
    for start, end in edges:
        sound = wave[start : min(end, len(wave))]
        pitch_hz = _pitch_hz(sound)
        if not 290 < pitch_hz < _TOP_HZ:
            continue
        speaker = "ben" if pitch_hz > 1200 else "anna"
        word = WORDS[min(len(WORDS) - 1, round((pitch_hz - _RANGES_HZ[speaker]) / _STEP_HZ))]
        whole = len(sound) > 0.8 * WORD_S * HEARING_RATE_HZ
        timing = WordTiming(
            word=word if whole else "uh",
            start_s=start / HEARING_RATE_HZ,
            end_s=min(end, len(wave)) / HEARING_RATE_HZ,
            probability=0.9,
        )
        heard.append((speaker, timing))
    return heard


def _pitch_hz(sound: Wave) -> float:
    signs = np.signbit(sound[np.abs(sound) > 1e-4])
    crossings = np.count_nonzero(signs[1:] != signs[:-1])
    return crossings * HEARING_RATE_HZ / max(1, len(sound)) / 2


@dataclass
class ToneDetector:
    """Implements ports.SpeechDetector: loud tones of either range are speech."""

    calls: int = 0

    @property
    def identity(self) -> EvaluatorIdentity:
        return _identity("tone-detector")

    @property
    def frame_samples(self) -> int:
        return 512

    def detect(self, blocks: Iterable[Wave]) -> Probabilities:
        self.calls += 1
        wave = np.concatenate([np.zeros(0, np.float32), *blocks])
        frames = np.pad(wave, (0, -len(wave) % 512)).reshape(-1, 512)
        return np.array(
            [
                np.sqrt(np.mean(frame**2)) > _LOUD / 2 and 200 < _pitch_hz(frame) < _TOP_HZ
                for frame in frames
            ],
            dtype=np.float32,
        )


@dataclass
class ToneRecogniser:
    """Implements ports.Recogniser; `mishears` maps a word to what is heard in each second pass."""

    language: str = "en"
    mishears: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def identity(self) -> EvaluatorIdentity:
        return _identity("tone-recogniser")

    def transcribe(
        self, waves: Sequence[Wave], *, max_tokens: Sequence[int] | None = None
    ) -> list[Transcript]:
        return [self._hear(wave, {}) for wave in waves]

    def recognise(self, waves: Sequence[Wave], texts: Sequence[str | None]) -> list[Recognition]:
        heard = [self._hear(wave, self.mishears) for wave in waves]
        return [
            Recognition(transcript=each, alignment=None if text is None else _place(wave, text))
            for each, wave, text in zip(heard, waves, texts, strict=True)
        ]

    def _hear(self, wave: Wave, mishears: dict[str, str]) -> Transcript:
        self.seconds += len(wave) / HEARING_RATE_HZ
        words = tuple(timing for _, timing in _listen(wave))
        text = " ".join(mishears.get(timing.word, timing.word) for timing in words)
        return Transcript(
            text=text,
            language=self.language,
            language_probability=0.99,
            mean_log_probability=-0.1,
            no_speech_probability=0.01 if words else 0.9,
            words=words,
        )


class ToneEncoder:
    """Implements ports.SpeakerEncoder: a direction for each range, mixed as the tones are."""

    @property
    def identity(self) -> EvaluatorIdentity:
        return _identity("tone-encoder")

    def embed(self, waves: Sequence[Wave]) -> Embeddings:
        rows = []
        for wave in waves:
            frames = np.pad(wave, (0, -len(wave) % 512)).reshape(-1, 512)
            pitches = [_pitch_hz(f) for f in frames if np.sqrt(np.mean(f**2)) > _LOUD]
            high = float(np.mean([pitch > 1200 for pitch in pitches])) if pitches else 0.5
            row = np.array([1.0 - high, high, 0.05], np.float32)
            rows.append(row / np.linalg.norm(row))
        return np.stack(rows)


class ToneAligner:
    """Implements ports.Aligner."""

    @property
    def identity(self) -> EvaluatorIdentity:
        return _identity("tone-aligner")

    def align(self, waves: Sequence[Wave], texts: Sequence[str]) -> list[Alignment | None]:
        return [_place(wave, text) for wave, text in zip(waves, texts, strict=True)]


def _place(wave: Wave, text: str) -> Alignment | None:
    """Put each word where its tone is; None where there are more or fewer tones than words."""
    heard, words = [timing for _, timing in _listen(wave)], text.split()
    if len(heard) != len(words):
        return None
    placed = tuple(
        WordTiming(word=word, start_s=t.start_s, end_s=t.end_s, probability=0.9)
        for word, t in zip(words, heard, strict=True)
    )
    same = all(a.word.casefold() == b.word.casefold() for a, b in zip(heard, placed, strict=True))
    return Alignment(words=placed, mean_log_probability=-0.1 if same else -4.0)


def tone_cutter(folder: Path, params: Params, **changes: Any) -> RecordingCutter:
    """Return a cutter with these instruments, or others in their place, that caches in `folder`."""
    instruments: dict[str, Any] = {
        "detector": ToneDetector(),
        "recogniser": ToneRecogniser(),
        "encoder": ToneEncoder(),
        "aligner": ToneAligner(),
        "normalise": str.casefold,
        "rules": "casefold",
    }
    return RecordingCutter(
        instruments=Instruments(**instruments | changes),
        params=params.cut,
        quality=params.validate_,
        cache=ContentCache(folder, "cutting"),
    )
