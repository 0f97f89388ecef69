"""The port between the listening page and whoever knows what is heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from voxgate.release.listening.session import Trial

__all__ = ["SIDES", "Answer", "Room"]

SIDES = "ab"
"""What the page calls the sides of a trial."""


class Answer(BaseModel):
    """What the page sends: a side that is better or `same`, or a rating of the only one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    choice: Literal["a", "b", "same"] | None = None
    rating: int | None = Field(default=None, ge=1, le=5)
    note: str = Field(default="", max_length=500)

    @property
    def side(self) -> int | None:
        """0 or 1 where one side is better."""
        return SIDES.index(self.choice) if self.choice in ("a", "b") else None


class Room(Protocol):
    """What is heard, by the number of the trial; a side is 0 or 1. Answers are JSON values."""

    @property
    def trials(self) -> Sequence[Trial]:
        """What is heard, one after the other."""
        ...

    def overview(self) -> dict[str, Any]:
        """Say what is heard."""
        ...

    def trial(self, number: int) -> dict[str, Any]:
        """Return a prompt, and after the vote what it reveals."""
        ...

    def audio(self, number: int, side: int) -> bytes:
        """Return a WAV file."""
        ...

    def vote(self, number: int, answer: Answer) -> dict[str, Any]:
        """Store a vote at once; returns the trial."""
        ...

    def result(self) -> dict[str, Any]:
        """Return what the votes come to."""
        ...
