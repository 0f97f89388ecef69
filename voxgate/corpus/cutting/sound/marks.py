"""What is wrong with the sound of an utterance, so that a person hears it before it is data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.clipping import ClippingMeter
from voxgate.audio.shards import from_pcm16
from voxgate.audio.silence import HOP_S, frame_levels_db
from voxgate.corpus.cutting.sound.sounds import Levels, cell_levels_db, line_share
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Reason
from voxgate.corpus.validation.quality import measure_signal
from voxgate.params import ValidateParams
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["Sound", "mark_speech"]

_MIN_MEASURED_S = 0.1

_STEP_DB = 8.0
_FAR_DB = 20.0
"""Steps within an utterance, and distance from the rest of the recording."""

_STEP_SIDE_S, _STEP_EVERY_S = 1.5, 0.1
_LOUD_PERCENTILE = 95.0

_AROUND_S = 5.0
"""How far from an utterance pauses are looked for, in which music would be heard alone."""

_AFTER_SPEECH_S, _BEFORE_SPEECH_S = 0.3, 0.1
"""Of a pause: what still rings of the voice, and what the detector was late for."""

_MIN_PAUSE_S = 0.2
_SILENT_SHARE = 20.0
_MUSIC_LINES = 0.6
_MUSIC_BELOW_SPEECH_DB = 45.0
_MUSIC_MIN_DB = -65.0


class Sound(Protocol):
    """A recording of which any part can be read; `audio.spool.Spool`."""

    @property
    def n_samples(self) -> int:
        """Samples at 16 kHz."""
        ...

    def read(self, span: Span, /) -> Wave:
        """Read a span at 16 kHz."""
        ...

    def read_native(self, span: Span, /) -> NDArray[np.int16]:
        """Read it at the recording's own rate."""
        ...


def mark_speech(
    sound: Sound,
    span: Span,
    *,
    speech: Sequence[Span],
    levels: Levels,
    params: ValidateParams,
) -> tuple[Reason, ...]:
    """Return what is wrong with the sound of an utterance at `span`; each is a doubt.

    Codes: `clipped`, `hum`, `low_snr`, `loudness_step`, `music`. `speech` are all spans of speech
    of the recording, in order: what is between them near the utterance shows what is below it.
    """
    wave = sound.read(span)
    if len(wave) < _MIN_MEASURED_S * HEARING_RATE_HZ:
        return ()
    found = [
        _find_clipping(sound.read_native(span), params),
        _find_noise(wave, params),
        _find_step(wave, levels),
        _find_music(sound, span, speech, levels),
    ]
    return tuple(reason for reason in found if reason is not None)


def _find_clipping(native: NDArray[np.int16], params: ValidateParams) -> Reason | None:
    meter = ClippingMeter(1)
    meter.add(from_pcm16(native)[:, None])
    clipped = meter.fractions[0]
    if clipped <= params.max_clipped_fraction:
        return None
    return Reason(
        code="clipped",
        expected=f"at most {params.max_clipped_fraction:.2%} of samples on flattened peaks",
        arrived=f"{clipped:.2%}",
    )


def _find_noise(wave: Wave, params: ValidateParams) -> Reason | None:
    signal = measure_signal(wave, HEARING_RATE_HZ)
    if signal.snr_db >= params.min_snr_db:
        return None
    hum = f": mains hum of {signal.hum_hz} Hz in the pauses" if signal.hum_hz else ""
    return Reason(
        code="hum" if hum else "low_snr",
        expected=f"SNR >= {params.min_snr_db:g} dB",
        arrived=f"{signal.snr_db:.1f} dB{hum}",
    )


def _find_step(wave: Wave, levels: Levels) -> Reason | None:
    """Find the place with the greatest difference in level between what is before and after."""
    frames_db = frame_levels_db(wave, HEARING_RATE_HZ)
    loud_db = float(np.percentile(frames_db, _LOUD_PERCENTILE))
    if levels.speech_db is not None and abs(loud_db - levels.speech_db) > _FAR_DB:
        return Reason(
            code="loudness_step",
            expected=f"speech within {_FAR_DB:g} dB of the recording's ({levels.speech_db:.0f}"
            " dBFS)",
            arrived=f"{loud_db:.0f} dBFS",
        )
    # Of each side its own loud frames: there are such in any second and a half of speech.
    side = round(_STEP_SIDE_S / HOP_S)
    places = range(side, len(frames_db) - side, round(_STEP_EVERY_S / HOP_S))
    step_db = max((_step(frames_db, at, side) for at in places), default=0.0)
    if step_db <= _STEP_DB:
        return None
    return Reason(
        code="loudness_step",
        expected=f"speech of one loudness, within {_STEP_DB:g} dB",
        arrived=f"a step of {step_db:.0f} dB",
    )


def _step(frames_db: NDArray[np.float64], at: int, side: int) -> float:
    before, after = frames_db[at - side : at], frames_db[at : at + side]
    levels = [float(np.percentile(part, _LOUD_PERCENTILE)) for part in (before, after)]
    return abs(levels[0] - levels[1])


def _find_music(sound: Sound, span: Span, speech: Sequence[Span], levels: Levels) -> Reason | None:
    pauses = [sound.read(pause) for pause in _pauses_near(span, speech, sound.n_samples)]
    if not pauses or levels.speech_db is None:
        return None
    # What is below the voice is in all pauses; a jingle beside it leaves some of them silent.
    cells_db = np.concatenate([cell_levels_db(pause) for pause in pauses])
    level_db = float(np.percentile(cells_db, _SILENT_SHARE))
    lowest_db = max(_MUSIC_MIN_DB, levels.speech_db - _MUSIC_BELOW_SPEECH_DB)
    lines = float(np.median([line_share(pause) for pause in pauses]))
    if level_db < lowest_db or lines < _MUSIC_LINES:
        return None
    return Reason(
        code="music",
        expected="pauses without music",
        arrived=f"something harmonic at {level_db:.0f} dBFS in the pauses nearby",
    )


def _pauses_near(span: Span, speech: Sequence[Span], n_samples: int) -> Iterator[Span]:
    """Yield what is left of the pauses near a span when voices have rung out."""
    around, before, after, shortest = (
        int(seconds * HEARING_RATE_HZ)
        for seconds in (_AROUND_S, _BEFORE_SPEECH_S, _AFTER_SPEECH_S, _MIN_PAUSE_S)
    )
    first, last = max(0, span.start - around), min(n_samples, span.end + around)
    near = [s for s in speech if s.end > first and s.start < last]
    ends = [first, *(s.end + after for s in near)]
    starts = [*(s.start - before for s in near), last]
    for start, end in zip(ends, starts, strict=True):
        if end - start >= shortest:
            yield Span(start, end)
