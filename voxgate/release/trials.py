"""A version on trial: spoken on real requests before it is live, for whom and how long.

A canary is heard by a small share of callers; a shadow speaks what live speaks, is measured and
thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from voxgate.release.events import Event

__all__ = ["MAX_CANARY_PER_MILLE", "MAX_DAYS", "MAX_SHADOW_PER_MILLE", "Trial", "share_faults"]

MAX_CANARY_PER_MILLE, MAX_SHADOW_PER_MILLE = 50, 1000
MAX_DAYS = 30
"""A trial ends by itself: nobody keeps hearing what was forgotten."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One trial. `number` is the sequence of the event that started it.

    Shares are thousandths of the real-time requests. `against` is what was live when it started;
    `until` is its last moment.
    """

    number: int
    version: int
    against: int
    canary_per_mille: int
    shadow_per_mille: int
    until: datetime
    by: str
    reason: str

    @property
    def is_heard(self) -> bool:
        """Tell whether callers hear the version."""
        return self.canary_per_mille > 0

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time has passed."""
        return now > self.until

    @staticmethod
    def from_event(event: Event) -> Trial:
        """Parse the event that started it."""
        assert event.version is not None
        facts = event.facts
        return Trial(
            number=event.sequence,
            version=event.version,
            against=facts["against"],
            canary_per_mille=facts["canary_per_mille"],
            shadow_per_mille=facts["shadow_per_mille"],
            until=datetime.fromisoformat(facts["until"]),
            by=event.actor,
            reason=event.reason,
        )


def share_faults(*, canary_per_mille: int, shadow_per_mille: int) -> Iterator[str]:
    """Yield what is wrong with the shares of a trial."""
    shares = {
        "canary_per_mille": (canary_per_mille, MAX_CANARY_PER_MILLE),
        "shadow_per_mille": (shadow_per_mille, MAX_SHADOW_PER_MILLE),
    }
    for name, (share, most) in shares.items():
        if not 0 <= share <= most:
            yield f"{name}: expected 0 to {most}, got {share}"
