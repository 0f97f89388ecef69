"""The clip that a voice carries as its prompt."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voxgate.audio.reference_audio import MAX_REFERENCE_S, MIN_REFERENCE_S

__all__ = ["MAX_REFERENCE_S", "MIN_REFERENCE_S", "ReferenceCandidate", "choose_reference"]


@dataclass(frozen=True, kw_only=True)
class ReferenceCandidate:
    """What the choice looks at."""

    clip_id: str
    duration_s: float
    snr_db: float
    alignment_log_probability: float
    phones_per_second: float


def choose_reference(candidates: Sequence[ReferenceCandidate]) -> ReferenceCandidate | None:
    """Return the clip of 3 to 10 s that is clean, says its text, and is spoken at the usual rate.

    The three qualities have no common unit, so each orders the clips and the lowest sum of places
    wins; ties go to the smaller clip_id. None when no clip has the right length.
    """
    fitting = [c for c in candidates if MIN_REFERENCE_S <= c.duration_s <= MAX_REFERENCE_S]
    if not fitting:
        return None
    usual = statistics.median(c.phones_per_second for c in candidates)
    orders: tuple[Callable[[ReferenceCandidate], float], ...] = (
        lambda c: -c.snr_db,
        lambda c: -c.alignment_log_probability,
        lambda c: abs(c.phones_per_second / usual - 1),
    )
    places = dict.fromkeys((c.clip_id for c in fitting), 0)
    for order in orders:
        for place, clip in enumerate(sorted(fitting, key=lambda c: (order(c), c.clip_id))):
            places[clip.clip_id] += place
    return min(fitting, key=lambda c: (places[c.clip_id], c.clip_id))
