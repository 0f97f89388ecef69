"""Who the speaker is, from speech that no model was trained on: by clips, or by windows of few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from voxgate.audio.silence import frame_levels_db
from voxgate.errors import EvaluatorError
from voxgate.evaluation.resampling import DIGITS, Interval
from voxgate.evaluation.speaker_similarity import (
    MIN_CENTROID_CLIPS,
    Centroid,
    Vectors,
    build_centroid,
    leave_one_clip_out,
    leave_one_out,
)
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["WINDOW_S", "HeldOutClip", "HeldOutSpeech", "define_speaker"]

WINDOW_S = 1.6
"""As the windows of `sound.windows`: what the speaker encoder was trained on."""

_SILENT_DB = -60.0
_LEAST_SPOKEN = 0.5  # of a window
_CONFIDENCE = 0.95  # of each bound


@dataclass(frozen=True, kw_only=True)
class HeldOutClip:
    """A held-out recording; `source` names what it was made of."""

    source: str
    wave: Wave


@dataclass(frozen=True, kw_only=True)
class HeldOutSpeech:
    """The centroid, and the cosine of each held-out clip with the centroid of the others."""

    centroid: Centroid
    own: tuple[float, ...]


def define_speaker(
    clips: Sequence[HeldOutClip], others: Vectors, *, embed: Callable[[Sequence[Wave]], Vectors]
) -> HeldOutSpeech:
    """Average held-out clips; of fewer than `MIN_CENTROID_CLIPS`, their windows.

    A few vectors of whole clips are a centroid that moves with every clip; the windows of the same
    speech are more of them, and each is less like the speaker than a clip (docs/small_data.md). So
    nothing but clips is ever compared with the centroid, and its windows only make it.

    Args:
        clips: recordings that define the speaker.
        others: (N, D) unit vectors of whole recordings of the speaker that are not among `clips`:
            what shows how far the choice of windows moves a similarity.
        embed: returns (N, D) float32 with unit rows for waves at 16 kHz.

    Raises:
        EvaluatorError: the clips have fewer than `MIN_CENTROID_CLIPS` windows, or cannot be
            measured.
    """
    own = embed([clip.wave for clip in clips]) if clips else np.zeros((0, 0), dtype=np.float32)
    if len(clips) >= MIN_CENTROID_CLIPS:
        centroid = build_centroid(own, [clip.source for clip in clips])
        return HeldOutSpeech(centroid=centroid, own=tuple(leave_one_out(own)))
    windows = [cut_windows(clip.wave) for clip in clips]
    count = sum(map(len, windows))
    if count < MIN_CENTROID_CLIPS:
        raise EvaluatorError(
            f"the speaker centroid needs at least {MIN_CENTROID_CLIPS} held-out clips, or as many "
            f"windows of {WINDOW_S:g} s in them, got {len(clips)} clips with {count} windows; add "
            "recordings"
        )
    vectors = embed([wave for group in windows for wave in group])
    owner = np.repeat(np.arange(len(clips)), [len(group) for group in windows])
    return HeldOutSpeech(
        centroid=replace(
            build_centroid(vectors, _sources(clips, windows)),
            clips=len(clips),
            windows=count,
            real_similarity=_spread(vectors, others),
        ),
        own=tuple(leave_one_clip_out(own, vectors, owner)),
    )


def cut_windows(wave: Wave) -> list[Wave]:
    """Cut a wave into windows side by side; what is mostly silent, and the rest, is left out.

    They do not overlap, so that their number says how much speech there is.
    """
    size = round(WINDOW_S * HEARING_RATE_HZ)
    windows = (wave[begin : begin + size] for begin in range(0, len(wave) - size + 1, size))
    return [window for window in windows if _is_spoken(window)]


def _is_spoken(window: Wave) -> bool:
    levels = frame_levels_db(window, HEARING_RATE_HZ)
    return float(np.mean(levels > _SILENT_DB)) >= _LEAST_SPOKEN


def _sources(clips: Sequence[HeldOutClip], windows: Sequence[Sequence[Wave]]) -> list[str]:
    return [
        f"{clip.source}#{number}"
        for clip, group in zip(clips, windows, strict=True)
        for number in range(len(group))
    ]


def _spread(vectors: Vectors, others: Vectors) -> Interval | None:
    """Return the mean similarity of other real clips, and its bounds by the choice of windows.

    The jackknife: each window is left out once (Efron & Stein 1981). On 7 windows drawn again and
    again from 16 minutes of one speaker it says .0067 where the true spread is .0065; drawing
    windows with replacement says .011, about a centre that is .015 too low (docs/small_data.md).
    """
    if not len(others):
        return None
    rows = vectors.astype(np.float64)  # (N, D)
    total, count = rows.sum(axis=0), len(rows)
    mean = others.astype(np.float64).mean(axis=0)  # the mean of cosines is the cosine with it
    point = float(mean @ total / np.linalg.norm(total))
    without = total - rows  # (N, D)
    left = without @ mean / np.linalg.norm(without, axis=1)
    error = float(np.sqrt((count - 1) / count * np.sum((left - left.mean()) ** 2)))
    reach = float(stdtrit(count - 1, _CONFIDENCE)) * error
    low, point, high = (round(value, DIGITS) for value in (point - reach, point, point + reach))
    return Interval(point=point, low=low, high=high)
