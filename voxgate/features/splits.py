"""Which clips train, which measure the loss, and which only ever define the speaker."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["CENTROID", "TRAIN", "VALIDATION", "SplitRules", "assign_splits"]

TRAIN = "train"
VALIDATION = "validation"
CENTROID = "centroid"


@dataclass(frozen=True, kw_only=True)
class SplitRules:
    """How much is held out.

    The speaker is defined by at least `centroid_clips` clips, each of at least `min_centroid_s`,
    that last at least `centroid_s` together.
    """

    centroid_clips: int
    min_centroid_s: float
    centroid_s: float = 0.0
    validation_fraction: float


def assign_splits(clips: Iterable[tuple[str, float]], *, rules: SplitRules) -> dict[str, str]:
    """Return the split of each (recording_id, duration_s), keyed by recording_id.

    Each split takes the clips that come first in an order drawn from a hash of the recording id.
    An added recording therefore displaces at most one clip from each held-out split, and a clip
    keeps its place whatever its neighbours are called; where it is the seconds that decide, it may
    displace as many as it is long. With too few long clips the centroid split comes out smaller
    than asked for; the caller refuses that.
    """
    durations = dict(clips)
    centroid = _define_speaker(durations, rules)
    rest = sorted(durations.keys() - set(centroid), key=lambda name: _rank(VALIDATION, name))
    n_validation = max(1, round(rules.validation_fraction * len(durations)))
    splits = dict.fromkeys(rest, TRAIN)
    splits |= dict.fromkeys(rest[:n_validation], VALIDATION)
    return splits | dict.fromkeys(centroid, CENTROID)


def _define_speaker(durations: Mapping[str, float], rules: SplitRules) -> list[str]:
    long = (name for name, seconds in durations.items() if seconds >= rules.min_centroid_s)
    chosen: list[str] = []
    seconds = 0.0
    for name in sorted(long, key=lambda name: _rank(CENTROID, name)):
        if len(chosen) >= rules.centroid_clips and seconds >= rules.centroid_s:
            break
        chosen.append(name)
        seconds += durations[name]
    return chosen


def _rank(salt: str, recording_id: str) -> str:
    # A salt of its own for each split: otherwise the validation clips would be those that the
    # centroid just did not want.
    return hashlib.sha256(f"{salt}\0{recording_id}".encode()).hexdigest()
