"""What a day's check of the live version found; the facts of a `monitored` event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

__all__ = ["Check", "Health"]


class Health(StrEnum):
    """How the live version is."""

    OK = "ok"
    FAILED = "failed"
    """Worse than a floor, or than what was released: proved, not supposed."""

    HOLD = "hold"
    """It could not be measured; that says nothing about the voice."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One version on one day.

    `reasons` are codes and sentences, none when it is ok. `figures` are the day's numbers and the
    release's on the same prompts, each with its bounds. `digests` name what was measured with what.
    """

    day: date
    health: Health
    reasons: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    samples: int = 0
    figures: Mapping[str, Any] = field(default_factory=dict)
    digests: Mapping[str, str | None] = field(default_factory=dict)

    def as_facts(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            **asdict(self),
            "day": self.day.isoformat(),
            "reasons": list(self.reasons),
            "prompts": list(self.prompts),
        }

    @staticmethod
    def from_facts(facts: Mapping[str, Any]) -> Check:
        """Parse the facts of an event."""
        values = {name: facts[name] for name in Check.__dataclass_fields__}
        return Check(
            **{
                **values,
                "day": date.fromisoformat(values["day"]),
                "health": Health(values["health"]),
                "reasons": tuple(values["reasons"]),
                "prompts": tuple(values["prompts"]),
            }
        )
