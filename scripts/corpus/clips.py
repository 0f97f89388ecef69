"""Clips of one speaker: sound at 16 kHz, what is said, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.corpus.edges import speech_spans
from scripts.corpus.packages import SPEAKERS, read_prompts
from voxgate.audio.decoding import DecodingBounds, decode_file
from voxgate.audio.resampling import mix_down
from voxgate.corpus.cutting.spans import Span, total_samples
from voxgate.temporaries import scratch_directory
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["Clip", "read_clips", "usable"]

_MIN_SPEECH = HEARING_RATE_HZ
_MAX_DURATION_S = 120.0


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One prompt. `speech` are the spans of `wave` (16 kHz) in which it is said."""

    speaker: str
    language: str
    name: str
    text: str
    wave: Wave
    speech: tuple[Span, ...]


def read_clips(language: str, store: Path) -> list[Clip]:
    """Return the usable clips of a language's speaker, by name; packages are kept in `store`.

    Raises:
        AssetError: the packages cannot be fetched, or are not the pinned ones.
    """
    packages = SPEAKERS[language]
    bounds = DecodingBounds(min_sample_rate_hz=HEARING_RATE_HZ, max_duration_s=_MAX_DURATION_S)
    with scratch_directory() as folder:
        prompts = read_prompts(packages, store, folder)
        found = []
        for name, path in prompts.files.items():
            if name in prompts.texts and path.stat().st_size:
                wave = mix_down(decode_file(path, bounds).samples)
                found.append(
                    Clip(
                        speaker=packages.speaker,
                        language=language,
                        name=name,
                        text=prompts.texts[name],
                        wave=wave,
                        speech=speech_spans(wave),
                    )
                )
    return usable(found)


def usable(clips: Iterable[Clip]) -> list[Clip]:
    """Return the clips with at least a second of speech."""
    return [clip for clip in clips if total_samples(clip.speech) >= _MIN_SPEECH]
