"""All figures of the sound of samples, by their names in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from voxgate.audio.loudness import ABSOLUTE_GATE_LUFS
from voxgate.evaluation.measurements import Caches, Unmeasured
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.sound import signal, timing
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.evaluation.sound.prediction import predict_quality
from voxgate.evaluation.sound.spans import Spans, find_spans
from voxgate.evaluation.sound.windows import window_places
from voxgate.evaluation.speaker_similarity import Centroid, embed_waves
from voxgate.evaluation.waves import Waves
from voxgate.types import HEARING_RATE_HZ, PredictedQuality, Transcript, Wave

__all__ = ["SILENT_SOUND", "Sound", "measure_sound", "measure_sounds"]

Sound = Mapping[str, float | None]

_DIGITS = 4
"""Beyond them a figure depends on the machine's order of summation."""

_TIMED = ("head_s", "tail_s", "pause_s", "outside_db", "background_db", "pace", "pitch_range_st")
"""What needs to know where speech is."""


SILENT_SOUND: Sound = {
    **dict.fromkeys(MEASURES),
    "level_lufs": ABSOLUTE_GATE_LUFS,
    "similarity_low": 0.0,
    "quality": 1.0,
    "quality_noise": 1.0,
}
"""Of empty or silent audio, which is a catastrophe: the worst where there is a worst, else None."""


def measure_sounds(
    instruments: Instruments,
    centroid: Centroid,
    waves: Sequence[Wave],
    heard: Sequence[Transcript],
    *,
    caches: Caches,
) -> list[Sound | Unmeasured]:
    """Measure the sound of 16 kHz waves with what was heard in each; one answer a wave, in order.

    Every measure of the catalogue is in an answer. The timed ones are None where nothing was heard,
    or an endless transcript: such a sample is a catastrophe by its words already, so that a figure
    that is not there never reads as good.
    """
    spans = [find_spans(wave, each.words) for wave, each in zip(waves, heard, strict=True)]
    lowest = _lowest_similarities(instruments, centroid, waves, spans, caches=caches)
    qualities = predict_quality(
        instruments.quality,
        waves,
        batch_size=instruments.batch_size,
        batches=instruments.batches,
        cache=caches.qualities,
    )
    answers: list[Sound | Unmeasured] = []
    for n, wave in enumerate(waves):
        low, quality = lowest[n], qualities[n]
        if isinstance(low, Unmeasured):
            answers.append(low)
        elif isinstance(quality, Unmeasured):
            answers.append(quality)
        else:
            answers.append(
                measure_sound(wave, heard[n], spans[n], similarity_low=low, quality=quality)
            )
    return answers


def measure_sound(
    wave: Wave,
    heard: Transcript,
    spans: Spans | None,
    *,
    similarity_low: float,
    quality: PredictedQuality,
) -> dict[str, float | None]:
    """Return every measure of one wave, rounded."""
    figures: dict[str, float | None] = {
        "level_lufs": signal.level_lufs(wave, spans),
        "clipped_share": signal.clipped_share(wave),
        "dc_offset": signal.dc_offset(wave),
        **_timed(wave, heard, spans),
        "clicks_per_s": signal.clicks_per_s(wave),
        "bandwidth_hz": signal.bandwidth_hz(wave),
        "similarity_low": similarity_low,
        "quality": quality.overall,
        "quality_noise": quality.background,
    }
    return {
        name: None if value is None else round(float(value), _DIGITS)
        for name, value in figures.items()
    }


def _timed(wave: Wave, heard: Transcript, spans: Spans | None) -> dict[str, float | None]:
    if spans is None:
        return dict.fromkeys(_TIMED)
    return {
        **timing.timing(spans, len(wave) / HEARING_RATE_HZ),
        "outside_db": timing.outside_db(spans),
        "background_db": timing.background_db(spans),
        "pace": timing.pace(spans, heard.text),
        "pitch_range_st": timing.pitch_range_st(spans),
    }


@dataclass(frozen=True)
class _Window:
    """A part of a wave, cut out of it when it is asked for."""

    waves: Sequence[Wave] = field(repr=False)
    number: int
    place: slice

    @property
    def wave(self) -> Wave:
        return self.waves[self.number][self.place]


def _lowest_similarities(
    instruments: Instruments,
    centroid: Centroid,
    waves: Sequence[Wave],
    spans: Sequence[Spans | None],
    *,
    caches: Caches,
) -> list[float | Unmeasured]:
    """Return for each wave the cosine of the window that is least like the speaker."""
    windows = [
        [_Window(waves, n, place) for place in window_places(wave, spans[n])]
        for n, wave in enumerate(waves)
    ]
    vectors = iter(
        embed_waves(
            instruments.encoder,
            Waves([window for each in windows for window in each]),
            batch_size=instruments.batch_size,
            batches=instruments.batches,
            cache=caches.vectors,
        )
    )
    answers: list[float | Unmeasured] = []
    for each in windows:
        mine = [next(vectors) for _ in each]
        faults = [vector for vector in mine if isinstance(vector, Unmeasured)]
        known = [vector for vector in mine if not isinstance(vector, Unmeasured)]
        answers.append(faults[0] if faults else min(centroid.similarity(np.stack(known))))
    return answers
