"""What arithmetic alone says of one clip, as a value: any worker gives the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Self

from voxgate.audio.shards import Pcm16, from_pcm16
from voxgate.corpus.validation.duplicates import Fingerprint, fingerprint
from voxgate.corpus.validation.findings import Finding
from voxgate.corpus.validation.quality import Signal
from voxgate.corpus.validation.signal_checks import SignalBounds, check_signal
from voxgate.corpus.validation.transcripts import read_transcript
from voxgate.params import ValidateParams

__all__ = ["Screened", "ScreeningClips", "ScreeningRules", "UnscreenedClip", "screen_clip"]


@dataclass(frozen=True, kw_only=True)
class ScreeningRules:
    """What the checks read of params.yaml."""

    bounds: SignalBounds
    spoken_symbols: tuple[tuple[str, str], ...]
    """Word and symbol."""

    @classmethod
    def of(cls, params: ValidateParams) -> Self:
        """Take them from the section `validate`."""
        bounds = {field.name: getattr(params, field.name) for field in fields(SignalBounds)}
        return cls(
            bounds=SignalBounds(**bounds), spoken_symbols=tuple(params.spoken_symbols.items())
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class UnscreenedClip:
    """What the checks read of a clip.

    languages: further ones whose words its text may hold (`further_languages`).
    pcm: all of the prepared audio, (T,) int16.
    clipped_fraction: of the recording.
    """

    text: str
    language: str
    languages: tuple[str, ...]
    pcm: Pcm16
    sample_rate_hz: int
    clipped_fraction: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Screened:
    """What was found, in order, and what is left to train on.

    trim: first sample that is kept, and the one after the last.
    fingerprint: of what is kept; None where the clip is rejected.
    """

    train_text: str
    trim: tuple[int, int]
    signal: Signal | None
    findings: tuple[Finding, ...]
    fingerprint: Fingerprint | None


def screen_clip(clip: UnscreenedClip, rules: ScreeningRules) -> Screened:
    """Judge and normalise the transcript, then judge the signal.

    Raises:
        TextError: the language has no front end.
    """
    said = read_transcript(
        clip.text,
        clip.language,
        symbols={symbol: word for word, symbol in rules.spoken_symbols},
        languages=clip.languages,
    )
    wave = from_pcm16(clip.pcm)
    heard = check_signal(
        wave,
        clip.sample_rate_hz,
        clipped_fraction=clip.clipped_fraction,
        rejected=any(finding.rejects for finding in said.findings),
        bounds=rules.bounds,
    )
    findings = (*said.findings, *heard.findings)
    picture = None
    if not any(finding.rejects for finding in findings):
        picture = fingerprint(wave[slice(*heard.trim)], clip.sample_rate_hz)
    return Screened(
        train_text=said.text,
        trim=heard.trim,
        signal=heard.signal,
        findings=findings,
        fingerprint=picture,
    )


@dataclass(frozen=True)
class ScreeningClips:
    """The work: its items are clips with their samples, its answers what was found."""

    rules: ScreeningRules

    @contextmanager
    def open(self) -> Iterator[Callable[[UnscreenedClip], Screened]]:
        """Load nothing: front ends are opened by the first text of their language."""
        yield self._screen

    def _screen(self, clip: UnscreenedClip) -> Screened:
        return screen_clip(clip, self.rules)
