"""Is a recording fit to be somebody's reference? Named checks, each a figure against its bound.

All of them are taken before one refuses, so that a speaker is asked to record once more, not five
times. Bounds of signal and noise are those of `validate` in params.yaml; that of one speaker was
taken from the speakers of benchmark/ (docs/speakers.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from voxgate.audio.shards import from_pcm16
from voxgate.audio.silence import frame_levels_db
from voxgate.corpus.validation.quality import measure_signal
from voxgate.errors import ProfileRefusedError
from voxgate.ports import SpeakerEncoder
from voxgate.speakers.recipe import PreparedRecording, Recipe
from voxgate.types import Wave

__all__ = [
    "MAX_CLIPPED_FRACTION",
    "MAX_SECOND_VOICE",
    "MIN_SNR_DB",
    "MIN_SPEECH_RATIO",
    "Check",
    "check_reference",
    "require_passed",
]

MAX_CLIPPED_FRACTION = 0.001
MIN_SNR_DB = 20.0
MIN_SPEECH_RATIO = 0.5
MAX_SECOND_VOICE = 0.14
"""Second eigenvalue over the first, of the similarities of all windows to each other."""

_WINDOW_S = 1.6
"""What the speaker encoder was trained on; a shorter window moves with every vowel."""

_WINDOW_HOP_S = 0.8
_SPEECH_BELOW_LOUD_DB = 30.0
_LOUD_PERCENTILE = 95.0
_AUDIBLE_DB = -60.0


@dataclass(frozen=True, kw_only=True)
class Check:
    """One figure against its bound. `measured` is None where it could not be taken."""

    name: str
    measured: float | None
    bound: str
    passed: bool
    remedy: str

    def __str__(self) -> str:
        """Say what was expected, what arrived, and what to do."""
        arrived = "it could not be measured" if self.measured is None else f"{self.measured:.4g}"
        return f"{self.name}: expected {self.bound}, got {arrived}; {self.remedy}"


def check_reference(
    recording: PreparedRecording,
    recipe: Recipe,
    *,
    clipped_fraction: float,
    encoder: SpeakerEncoder,
) -> tuple[Check, ...]:
    """Take every check; none of them stops another.

    `clipped_fraction` is the share of flattened samples of the source (`decode_file`).

    Raises:
        EvaluatorError: the encoder failed on a wave that it should embed.
    """
    wave, rate = from_pcm16(recording.pcm), recording.sample_rate_hz
    return (
        _check_duration(recording.duration_s, recipe),
        Check(
            name="clipping",
            measured=clipped_fraction,
            bound=f"at most {MAX_CLIPPED_FRACTION:g} of the samples on flattened peaks",
            passed=clipped_fraction <= MAX_CLIPPED_FRACTION,
            remedy="record again with a lower gain",
        ),
        _check_snr(recording),
        _check_speech(wave, rate),
        _check_speaker(wave, rate, encoder),
    )


def require_passed(where: str, checks: Iterable[Check]) -> None:
    """Stop unless every check passed.

    Raises:
        ProfileRefusedError: carries every check that did not, in order.
    """
    failed = [str(check) for check in checks if not check.passed]
    if failed:
        raise ProfileRefusedError(where, failed)


def _check_duration(duration_s: float, recipe: Recipe) -> Check:
    return Check(
        name="duration",
        measured=round(duration_s, 3),
        bound=f"{recipe.min_duration_s:g} to {recipe.max_duration_s:g} s without the silence "
        "around it",
        passed=recipe.min_duration_s <= duration_s <= recipe.max_duration_s,
        remedy="record a longer text",
    )


def _check_snr(recording: PreparedRecording) -> Check:
    try:
        measured = round(measure_signal(recording.whole, recording.sample_rate_hz).snr_db, 2)
    except ValueError:  # shorter than one frame
        measured = None
    return Check(
        name="snr",
        measured=measured,
        bound=f"at least {MIN_SNR_DB:g} dB of speech over noise",
        passed=measured is not None and measured >= MIN_SNR_DB,
        remedy="record in a quieter room, without music",
    )


def _check_speech(wave: Wave, sample_rate_hz: int) -> Check:
    levels = frame_levels_db(wave, sample_rate_hz)
    measured = None
    if len(levels):
        loud = max(_AUDIBLE_DB, float(np.percentile(levels, _LOUD_PERCENTILE)))
        measured = round(float(np.mean(levels > loud - _SPEECH_BELOW_LOUD_DB)), 4)
    return Check(
        name="speech_ratio",
        measured=measured,
        bound=f"at least {MIN_SPEECH_RATIO:g} of it as loud as speech",
        passed=measured is not None and measured >= MIN_SPEECH_RATIO,
        remedy="leave out the long pauses",
    )


def _check_speaker(wave: Wave, sample_rate_hz: int, encoder: SpeakerEncoder) -> Check:
    """Count the directions that the windows' vectors lie in: a second speaker adds one.

    The smallest of all similarities tells less: one odd window of the same speaker is as low.
    """
    windows = _windows(wave, sample_rate_hz)
    measured = None
    if len(windows) > 1:
        vectors = encoder.embed(windows).astype(np.float64)  # (N, D)
        eigenvalues = np.linalg.eigvalsh(vectors @ vectors.T)  # (N,) ascending
        measured = round(float(eigenvalues[-2] / eigenvalues[-1]), 4)
    return Check(
        name="one_speaker",
        measured=measured,
        bound=f"a second voice of at most {MAX_SECOND_VOICE:g} of the first",
        passed=measured is not None and measured <= MAX_SECOND_VOICE,
        remedy="record one person alone",
    )


def _windows(wave: Wave, sample_rate_hz: int) -> list[Wave]:
    """Cut windows of 1.6 s, every 0.8 s, the last ending with the wave; silent ones left out."""
    size = round(_WINDOW_S * sample_rate_hz)
    last = len(wave) - size
    if last < 0:
        return []
    begins = [*range(0, last, round(_WINDOW_HOP_S * sample_rate_hz)), last]
    windows = [wave[begin : begin + size] for begin in begins]
    return [w for w in windows if frame_levels_db(w, sample_rate_hz).max() > _AUDIBLE_DB]
