"""The port between the review page and whoever keeps the decisions."""

from __future__ import annotations

from typing import Any, Protocol

from voxgate.corpus.reviewing.answers import Answer

__all__ = ["Room"]


class Room(Protocol):
    """The clips that are reviewed, by their number in the queue. Answers are JSON values."""

    @property
    def count(self) -> int:
        """How many clips there are."""
        ...

    def overview(self) -> dict[str, Any]:
        """Say who reviews which clips, and how each was decided."""
        ...

    def clip(self, number: int) -> dict[str, Any]:
        """Return what is known of a clip."""
        ...

    def audio(self, number: int) -> bytes:
        """Return the FLAC file of a clip."""
        ...

    def decide(self, number: int, answer: Answer) -> dict[str, Any]:
        """Keep an answer, on disk when this returns; returns the clip, and all states."""
        ...
