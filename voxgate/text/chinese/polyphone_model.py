"""What tells the readings of a character apart where words and rules do not: a port."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

__all__ = ["PolyphoneModel"]


class PolyphoneModel(Protocol):
    """Reads characters that have several readings, in a whole sentence."""

    @property
    def digest(self) -> str:
        """Names the tables or weights that it reads with."""
        ...

    def knows(self, character: str) -> bool:
        """Tell whether it can choose between readings of `character`."""
        ...

    def read(self, sentence: str, places: Sequence[int]) -> tuple[str, ...]:
        """Return a syllable, such as `zhong4`, for each place; all are places of known characters.

        `sentence` is simplified Chinese with full-width marks.
        """
        ...
