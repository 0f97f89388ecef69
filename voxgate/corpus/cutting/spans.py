"""Spans of a recording, counted in samples, so that seconds add up exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from voxgate.types import HEARING_RATE_HZ

__all__ = ["GRID", "Span", "gaps", "total_samples"]

GRID = HEARING_RATE_HZ // 100
"""Cuts lie on a grid of 10 ms, so that a span has the same name in samples and milliseconds."""


@dataclass(frozen=True, order=True)
class Span:
    """Samples `start` (inclusive) to `end` (exclusive) of one recording, at 16 kHz.

    Raises:
        ValueError: it is empty or begins before the recording.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"expected 0 <= start < end, got {self.start} and {self.end}")

    @classmethod
    def of_seconds(cls, start_s: float, end_s: float) -> Self:
        """Return the span on the 10-ms grid that lies nearest."""
        return cls(_on_grid(start_s), _on_grid(end_s))

    @property
    def n_samples(self) -> int:
        """Length in samples."""
        return self.end - self.start

    @property
    def start_s(self) -> float:
        """Where it begins, in seconds."""
        return self.start / HEARING_RATE_HZ

    @property
    def end_s(self) -> float:
        """Where it ends, in seconds."""
        return self.end / HEARING_RATE_HZ

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.n_samples / HEARING_RATE_HZ

    def overlap(self, other: Span) -> int:
        """Return how many samples both have."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


def gaps(spans: Iterable[Span], n_samples: int) -> list[Span]:
    """Return what `spans` leave of a recording of `n_samples`, in order.

    Raises:
        ValueError: spans overlap, are out of order, or pass the end.
    """
    found, at = [], 0
    for span in spans:
        if span.start < at:
            raise ValueError(f"{span} begins before {at}: spans must be in order and apart")
        if span.start > at:
            found.append(Span(at, span.start))
        at = span.end
    if at > n_samples:
        raise ValueError(f"the last span ends at {at}, after the recording's {n_samples} samples")
    if at < n_samples:
        found.append(Span(at, n_samples))
    return found


def total_samples(spans: Iterable[Span]) -> int:
    """Return the samples of all spans together."""
    return sum(span.n_samples for span in spans)


def _on_grid(seconds: float) -> int:
    return round(seconds * HEARING_RATE_HZ / GRID) * GRID
