"""What a report shows beside the bundle and could not have: each piece is had, or is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from voxgate.errors import VoxgateError

__all__ = ["Pieces"]

T = TypeVar("T")


@dataclass(frozen=True)
class Pieces:
    """Collects the sentences about what is missing. A report without a piece is still a report."""

    missing: list[str] = field(default_factory=list)

    def get(self, what: str, find: Callable[[], T]) -> T | None:
        """Return what `find` finds; None, and a sentence, where it says why it cannot."""
        try:
            return find()
        except VoxgateError as error:
            self.missing.append(f"{what}: {error}")
            return None
