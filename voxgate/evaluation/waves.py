"""Waves that are read when they are needed, and not kept: thousands of clips are gigabytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, overload

from voxgate.types import Wave

__all__ = ["Audible", "Waves"]


class Audible(Protocol):
    """Something whose wave is made each time that it is asked for."""

    @property
    def wave(self) -> Wave:
        """(T,) float32 in [-1, 1) at 16 kHz."""
        ...


@dataclass(frozen=True)
class Waves(Sequence[Wave]):
    """The waves of some samples or clips, in order."""

    holders: Sequence[Audible]

    def __len__(self) -> int:
        return len(self.holders)

    @overload
    def __getitem__(self, index: int) -> Wave: ...

    @overload
    def __getitem__(self, index: slice) -> Waves: ...

    def __getitem__(self, index: int | slice) -> Wave | Waves:
        if isinstance(index, slice):
            return Waves(self.holders[index])
        return self.holders[index].wave
