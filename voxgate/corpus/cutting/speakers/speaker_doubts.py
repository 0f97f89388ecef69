"""What is wrong with who speaks in an utterance: somebody else, somebody too, or two at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from voxgate.corpus.cutting.reasons import reason
from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.corpus.cutting.speakers.turns import Turn
from voxgate.corpus.cutting.speakers.voice_windows import WindowEmbeddings
from voxgate.corpus.cutting.speakers.voices import Voices
from voxgate.corpus.cutting.stretches import Reason
from voxgate.params.cut import CutParams
from voxgate.types import HEARING_RATE_HZ

__all__ = ["SpeakerJudgement", "judge_speaker"]

Floats = NDArray[np.float64]

_LEAST_LEAD = 0.06
"""How much nearer to the speaker than to anybody else an utterance is, on average over its windows:
98 % of the seconds of one person alone are (docs/cutting.md)."""

_WHOLE = 0.75
"""Of a window: shorter ones are judged together, not one by one."""

_LEAST_OTHER = 10 * GRID
"""Less of another's turn is the error of a boundary."""


@dataclass(frozen=True, kw_only=True)
class SpeakerJudgement:
    """Reasons to doubt who speaks, and what they rest on.

    measures: `speaker_cosine`, of all windows together with the speaker; `speaker_margin`, by how
        much the windows are nearer to the speaker than to anybody else, on average. Neither where
        the utterance has no window.
    """

    reasons: tuple[Reason, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)


def judge_speaker(
    utterance: Span,
    turns: Sequence[Turn],
    embeddings: WindowEmbeddings,
    voices: Voices,
    params: CutParams,
) -> SpeakerJudgement:
    """Say whether an utterance is the speaker's, alone.

    Args:
        utterance: the cut, with the room at its edges.
        turns: of the whole recording, in order.
        embeddings: of the whole recording.
        voices: who is in it.
        params: the bounds of `cut`.
    """
    heard = embeddings.inside(utterance)
    reasons = list(_turn_faults(utterance, turns))
    if len(heard) == 0:
        return SpeakerJudgement(reasons=tuple(reasons))
    own = WindowEmbeddings(
        windows=tuple(embeddings.windows[n] for n in heard), vectors=embeddings.vectors[heard]
    )
    margins = voices.margins(own, params)
    together = own.vectors.astype(np.float64).mean(axis=0)
    cosine = float(together @ voices.speaker / np.linalg.norm(together))
    if not reasons:
        reasons += _window_faults(own, margins, cosine, voices, params)
    measures = {
        "speaker_cosine": round(cosine, 4),
        "speaker_margin": round(float(margins.mean()), 4),
    }
    return SpeakerJudgement(reasons=tuple(reasons), measures=measures)


def _turn_faults(utterance: Span, turns: Sequence[Turn]) -> Iterable[Reason]:
    first = bisect_right(turns, utterance.start, key=lambda turn: turn.span.end)
    last = bisect_left(turns, utterance.end, key=lambda turn: turn.span.start)
    inside = turns[first:last]
    others = [turn for turn in inside if not turn.is_speaker]
    spoken = sum(turn.span.overlap(utterance) for turn in others)
    if spoken <= _LEAST_OTHER:
        return
    at_s = (max(others[0].span.start, utterance.start) - utterance.start) / HEARING_RATE_HZ
    if len(others) == len(inside):
        yield reason("other_voice", expected="the speaker's voice", arrived="another's throughout")
    else:
        yield reason(
            "two_speakers",
            expected="the speaker alone",
            arrived=f"{spoken / HEARING_RATE_HZ:.2f} s of another voice from {at_s:.2f} s on",
        )


def _window_faults(
    own: WindowEmbeddings,
    margins: Floats,
    cosine: float,
    voices: Voices,
    params: CutParams,
) -> Iterable[Reason]:
    if voices.likeness < params.min_enrolled_cosine:
        yield reason(
            "other_voice",
            expected=f"a voice at least {params.min_enrolled_cosine:.2f} like the enrolled one",
            arrived=f"{voices.likeness:.2f} in this recording",
        )
    elif cosine < params.min_speaker_cosine:
        yield reason(
            "other_voice",
            expected=f"at least {params.min_speaker_cosine:.2f} like the speaker",
            arrived=f"{cosine:.2f}",
        )
    elif margins.mean() < _LEAST_LEAD:
        yield reason(
            "other_voice",
            expected=f"{_LEAST_LEAD:.2f} nearer to the speaker than to anybody else",
            arrived=f"{margins.mean():.2f}",
        )
    else:
        yield from _moment_faults(own, margins, params)


def _moment_faults(own: WindowEmbeddings, margins: Floats, params: CutParams) -> Iterable[Reason]:
    """Two voices at once lie between both, and so nearer to somebody else for a moment."""
    whole = own.durations_s >= _WHOLE * params.speaker_window_s
    if not whole.any() or margins[whole].min() >= 0:
        return
    worst = int(np.where(whole, margins, np.inf).argmin())
    window = own.windows[worst]
    yield reason(
        "cross_talk",
        expected="every moment nearer to the speaker than to anybody else",
        arrived=f"{-margins[worst]:.2f} nearer to another from {window.start_s:.1f} to "
        f"{window.end_s:.1f} s of the recording",
    )
