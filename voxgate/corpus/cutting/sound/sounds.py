"""What is to be heard where nobody speaks: nothing, or a tone, music, noise, something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.silence import frame_levels_db
from voxgate.corpus.cutting.sound.runs import find_runs, join_runs
from voxgate.corpus.cutting.spans import GRID, Span, gaps
from voxgate.corpus.cutting.stretches import Reason, Status, Stretch
from voxgate.corpus.validation.hum import find_hum
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = [
    "Levels",
    "Read",
    "cell_levels_db",
    "line_share",
    "measure_levels",
    "name_sound",
    "split_without_speech",
]

Read = Callable[[Span], Wave]
"""Reads a span of a recording; `Spool.read`."""

_QUIET_DB = -60.0
_BELOW_SPEECH_DB = 30.0
"""What is further below the loud frames of speech is a pause of it, breath and room included."""

_LOUD_PERCENTILE = 95.0
_SAMPLE_SPANS = 200
_SAMPLE_S = 3.0

_MIN_SOUND_S = 0.2
_MAX_HOLE_S = 0.5
"""A sound that stops for less goes on: music has rests, and a telephone rings again."""

_BLOCK_S = 60.0
_NAMED_S = 10.0
"""How much of a long sound is looked at to say what it is."""

_WINDOW = 2048
_HOP = 1024
_LOW_HZ, _HIGH_HZ = 80.0, 6000.0
_AROUND_BINS = 32
_PROMINENCE = 12.0
"""Power over the median around it. Of noise one bin in 4000 is as far up."""

_LOBE_BINS = 2
_ONE_LINE, _LINES, _FEW_LINES = 0.93, 0.5, 0.2
_STEADY_DB = 3.0

_NAMES = {
    "hum": "mains hum",
    "tone": "a tone",
    "music": "music, or something as harmonic",
    "noise": "noise",
    "sound_without_speech": "a sound",
}


@dataclass(frozen=True)
class Levels:
    """How loud a recording is.

    speech_db: level of its loud frames of speech, in dBFS; None if nobody speaks.
    """

    speech_db: float | None

    @property
    def quiet_db(self) -> float:
        """Frames below are silence."""
        if self.speech_db is None:
            return _QUIET_DB
        return max(_QUIET_DB, self.speech_db - _BELOW_SPEECH_DB)


def measure_levels(read: Read, speech: Sequence[Span]) -> Levels:
    """Measure the speech of a recording, of hours in some minutes evenly spread."""
    chosen = speech[:: max(1, -(-len(speech) // _SAMPLE_SPANS))]
    longest = int(_SAMPLE_S * HEARING_RATE_HZ)
    parts = [
        frame_levels_db(read(Span(s.start, min(s.end, s.start + longest))), HEARING_RATE_HZ)
        for s in chosen
    ]
    if not parts:
        return Levels(None)
    return Levels(float(np.percentile(np.concatenate(parts), _LOUD_PERCENTILE)))


def split_without_speech(read: Read, span: Span, *, levels: Levels) -> list[Stretch]:
    """Return the stretches of a span in which nobody speaks; they cover it, in order.

    SILENCE, or REJECTED with the name of the sound as its code (`name_sound`). A sound of less than
    0.2 s counts as silence.
    """
    sounds = _find_sounds(read, span, levels.quiet_db)
    shifted = [Span(s.start - span.start, s.end - span.start) for s in sounds]
    found = [
        Stretch(span=Span(gap.start + span.start, gap.end + span.start), status=Status.SILENCE)
        for gap in gaps(shifted, span.n_samples)
    ]
    found += [_rejected(read, sound) for sound in sounds]
    return sorted(found, key=lambda stretch: stretch.span)


def name_sound(wave: Wave) -> str:
    """Say what a sound is: `hum`, `tone`, `music`, `noise` or `sound_without_speech`.

    A tone is one line of the spectrum (two, of a telephone's keys); music has many; noise none.
    Hum has many as well, and never changes.
    """
    loud_db, quiet_db = np.percentile(frame_levels_db(wave, HEARING_RATE_HZ), [90.0, 10.0])
    if loud_db - quiet_db < _STEADY_DB and find_hum(wave, HEARING_RATE_HZ):
        return "hum"
    lines, one = _line_shares(wave)
    if one > _ONE_LINE:
        return "tone"
    if lines > _LINES:
        return "music"
    return "noise" if lines < _FEW_LINES else "sound_without_speech"


def line_share(wave: Wave) -> float:
    """Return how much of the energy between 80 Hz and 6 kHz lies in lines of the spectrum."""
    return _line_shares(wave)[0]


def _line_shares(wave: Wave) -> tuple[float, float]:
    """Return the share of all lines, and of the strongest two; medians over frames of 128 ms."""
    spectrum = _spectrum(wave)  # (N, F)
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(spectrum, ((0, 0), (_AROUND_BINS, _AROUND_BINS)), mode="reflect"),
        2 * _AROUND_BINS + 1,
        axis=1,
    )  # (N, F, 65)
    floor = np.median(around[:, :, ::2], axis=2)
    is_line = spectrum > _PROMINENCE * floor
    total = spectrum.sum(axis=1)
    lines = np.where(is_line, spectrum, 0.0).sum(axis=1) / total
    rest, one = spectrum.copy(), np.zeros(len(spectrum))
    rows, columns = np.arange(len(rest)), np.arange(rest.shape[1])
    for _ in range(2):
        peak = rest[rows].argmax(axis=1)[:, None]
        near = np.abs(columns - peak) <= _LOBE_BINS
        one += np.where(near, rest, 0.0).sum(axis=1) / total
        rest[near] = 0.0
    return float(np.median(lines)), float(np.median(one))


def _spectrum(wave: Wave) -> NDArray[np.float64]:
    padded = np.pad(wave.astype(np.float64), (0, max(0, _WINDOW - len(wave))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]  # (N, 2048)
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW))) ** 2
    hz = np.fft.rfftfreq(_WINDOW, 1 / HEARING_RATE_HZ)
    return np.asarray(power[:, (hz >= _LOW_HZ) & (hz <= _HIGH_HZ)] + 1e-12)


def _find_sounds(read: Read, span: Span, quiet_db: float) -> list[Span]:
    """Return the sounds of a span, in order; they begin and end on its own grid."""
    loud = np.concatenate([cell_levels_db(block) > quiet_db for block in _blocks(read, span)])
    runs = join_runs(
        find_runs(loud) * GRID + span.start, shortest_gap=_MAX_HOLE_S * HEARING_RATE_HZ
    )
    shortest = _MIN_SOUND_S * HEARING_RATE_HZ
    found = [(int(start), min(int(end), span.end)) for start, end in runs]
    return [Span(start, end) for start, end in found if end - start >= shortest]


def _blocks(read: Read, span: Span) -> Iterator[Wave]:
    step = int(_BLOCK_S * HEARING_RATE_HZ)
    for start in range(span.start, span.end, step):
        yield read(Span(start, min(start + step, span.end)))


def cell_levels_db(wave: Wave) -> NDArray[np.float64]:
    """Return the level of each 10 ms: (N,) dBFS."""
    cells = np.pad(wave.astype(np.float64), (0, -len(wave) % GRID)).reshape(-1, GRID)
    return np.asarray(10.0 * np.log10(np.mean(cells**2, axis=1) + 1e-12))


def _rejected(read: Read, sound: Span) -> Stretch:
    longest = int(_NAMED_S * HEARING_RATE_HZ)
    wave = read(Span(sound.start, min(sound.end, sound.start + longest)))
    code, level_db = name_sound(wave), float(np.max(cell_levels_db(wave)))
    arrived = f"{_NAMES[code]} of {sound.duration_s:.2f} s at up to {level_db:.0f} dBFS"
    reason = Reason(code=code, expected="speech or silence", arrived=arrived)
    return Stretch(span=sound, status=Status.REJECTED, reasons=(reason,))
