"""Recordings that can be enrolled, who hears them, and a register in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from tests.fakes.recordings import CONSENT, write_audio
from tests.fakes.syllables import hiss, say
from voxgate.corpus.consent import Consent, ConsentScope
from voxgate.speakers.events import Event, Row, parse_row, seal
from voxgate.speakers.ports import Decide
from voxgate.speakers.profiles import ConsentTerms, ProfileInputs
from voxgate.speakers.quality import QualityScore
from voxgate.speakers.recipe import REFERENCE_1
from voxgate.speakers.register import Register
from voxgate.types import HEARING_RATE_HZ, Embeddings, EvaluatorIdentity, Wave

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
LOW = (180, 200, 220, 190, 170, 160, 150, 140)
HIGH = tuple(3 * pitch for pitch in LOW)


def speak_like(pitches_hz: Sequence[float] = LOW, *, times: int = 2, noise: float = 1e-4) -> Wave:
    """Return 16 kHz speech, 2.7 s each of `times`, with pauses and a little noise."""
    pauses = [np.zeros(1_600, np.float32)] * 3
    wave = np.concatenate([say(pitches_hz, pauses=pauses).wave] * times)
    return wave + hiss(len(wave) / HEARING_RATE_HZ + 1, noise)[: len(wave)]


def record(folder: Path, wave: Wave, name: str = "anna.wav") -> Path:
    """Write a recording at 16 kHz."""
    return write_audio(folder / name, wave)


def consent(
    scope: ConsentScope = ConsentScope.INTERNAL, *, expires_on: date | None = None
) -> Consent:
    return Consent(**{**CONSENT.model_dump(), "scope": scope, "expires_on": expires_on})


def make_inputs(
    name: str = "anna",
    *,
    reference: str = "a" * 64,
    text: str | None = "A tone.",
    scope: ConsentScope = ConsentScope.INTERNAL,
    expires_on: date | None = None,
) -> ProfileInputs:
    return ProfileInputs(
        name=name,
        speaker_id="anna",
        recipe_digest=REFERENCE_1.digest,
        reference_sha256=reference,
        text=text,
        consent=ConsentTerms.of(consent(scope, expires_on=expires_on)),
    )


def make_score(
    model: str = "m" * 64, preset: str = "p" * 64, *, wer: float = 0.1, similarity: float = 0.8
) -> QualityScore:
    return QualityScore(
        model_digest=model,
        preset_digest=preset,
        similarity_p50=similarity,
        similarity_p05=similarity - 0.1,
        similarity_upper=similarity + 0.05,
        wer=wer,
        self_similarity=0.9,
        snr_db=40.0,
        n=20,
        evaluators={"transcriber": {"name": "fake"}},
        measured_at=NOW.isoformat(),
    )


@dataclass
class BandEncoder:
    """Implements ports.SpeakerEncoder: low voices and high ones differ in where their energy is."""

    calls: list[int] = field(default_factory=list)

    @property
    def identity(self) -> EvaluatorIdentity:
        return EvaluatorIdentity(name="bands", weights_sha256="b" * 64)

    def embed(self, waves: Sequence[Wave]) -> Embeddings:
        self.calls.append(len(waves))
        return np.stack([_bands(wave) for wave in waves])


def _bands(wave: Wave) -> Wave:
    power = np.abs(np.fft.rfft(wave)) ** 2
    hz = np.fft.rfftfreq(len(wave), 1 / HEARING_RATE_HZ)
    bands = np.array([power[hz < 300].sum(), power[hz >= 300].sum()])
    return (bands / np.linalg.norm(bands)).astype(np.float32)


@dataclass
class MemorySpeakerRegister:
    """Implements SpeakerRegister; `clock` is a list whose last entry is the time."""

    clock: list[datetime] = field(default_factory=lambda: [NOW])
    stored: list[Row] = field(default_factory=list)

    def read(self) -> Register:
        return Register.of_rows(self.stored)

    def head(self) -> str | None:
        return f"{self.stored[-1].sequence}:{self.stored[-1].digest}" if self.stored else None

    def rows(self) -> tuple[Row, ...]:
        return tuple(self.stored)

    def append(self, decide: Decide) -> Event | None:
        register = self.read()
        draft = decide(register, self.clock[-1])
        if draft is None:
            return None
        row = seal(draft, after=self.stored[-1] if self.stored else None, now=self.clock[-1])
        event = parse_row(row)
        register.after(event)
        self.stored.append(row)
        return event
