"""From values to places in a picture, and round numbers for its axis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Scale", "scale_for"]

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS = 5


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Maps [low, high] onto [left, right]; places have one decimal."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: float) -> float:
        """Return where a value lies; what is outside lies on the edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self) -> list[float]:
        """Return about five round numbers inside."""
        raw = (self.high - self.low) / _TICKS
        magnitude = 10.0 ** math.floor(math.log10(raw))
        step = next(s * magnitude for s in _STEPS if s * magnitude >= raw * (1 - 1e-9))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(k * step, 10) for k in range(first, last + 1)]


def scale_for(values: Iterable[float], *, left: float, right: float, room: float = 0.06) -> Scale:
    """Return a scale that holds all values, with some room at both ends."""
    found = list(values)
    low, high = min(found), max(found)
    span = (high - low) or abs(low) or 1.0
    return Scale(low=low - room * span, high=high + room * span, left=left, right=right)
