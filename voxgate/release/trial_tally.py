"""What was counted in a trial: sums, a share of the requests each, and nothing of any request."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

__all__ = ["Counts", "Share", "TrialTally"]


class Share(StrEnum):
    """Whose answers are counted together."""

    LIVE = "live"
    CANARY = "canary"
    SHADOW = "shadow"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Sums over answers; of times and differences too, so that sums can be added.

    `faulty` answers have at least one of the faults that are counted one by one. `late` are those
    whose first sound came late. `left` and `dropped` are no answers: the caller went away, or there
    was no room to measure it or to speak it.

    A shadow is compared with the answer that live gave to the same request: `alone` are pairs of
    which the challenger alone is faulty, `spared` those of which live alone is; of the
    `compared` pairs neither is faulty.
    """

    answers: int = 0
    faulty: int = 0
    failed: int = 0
    stopped_by_limit: int = 0
    silent: int = 0
    clipped: int = 0
    leading_silence: int = 0
    trailing_silence: int = 0
    late: int = 0
    timed: int = 0
    first_audio_s: float = 0.0
    """Sum over the `timed` answers."""

    left: int = 0
    dropped: int = 0
    alone: int = 0
    spared: int = 0
    compared: int = 0
    duration_off: int = 0
    level_off: int = 0
    log_duration_ratio: float = 0.0
    """Sum of the natural logarithms over the `compared` pairs; above 0 the challenger is longer."""

    level_difference_db: float = 0.0

    def plus(self, other: Counts) -> Counts:
        """Return the counts of both together."""
        mine, theirs = vars(self), vars(other)
        return Counts(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def duration_ratio(self) -> float | None:
        """The geometric mean of challenger by live; None without pairs."""
        return math.exp(self.log_duration_ratio / self.compared) if self.compared else None

    @property
    def mean_level_difference_db(self) -> float | None:
        """How much louder the challenger is; None without pairs."""
        return self.level_difference_db / self.compared if self.compared else None

    @property
    def mean_first_audio_s(self) -> float | None:
        """Mean time to the first sound; None where none was timed."""
        return self.first_audio_s / self.timed if self.timed else None

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Counts:
        """Read JSON values; what another version of voxgate counted is 0 or left out."""
        return Counts(**{f.name: values[f.name] for f in fields(Counts) if f.name in values})


@dataclass(frozen=True, kw_only=True)
class TrialTally:
    """All that was counted in one trial, by share."""

    counts: Mapping[Share, Counts] = field(default_factory=dict)

    def of(self, share: Share) -> Counts:
        """Return what was counted of a share."""
        return self.counts.get(share, Counts())

    @staticmethod
    def sum(parts: Iterable[tuple[Share, Counts]]) -> TrialTally:
        """Add up what several processes counted."""
        total: dict[Share, Counts] = {}
        for share, counts in parts:
            total[share] = total.get(share, Counts()).plus(counts)
        return TrialTally(counts=total)

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {share.value: counts.as_json() for share, counts in sorted(self.counts.items())}
