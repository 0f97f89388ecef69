"""How much may be spoken side by side on one device, from what was measured there.

An allocator's need is no formula of the text: it comes in steps, and grows with the longest of a
batch. So the device is measured at some sizes, and a batch that is not covered by any of them is
not admitted; nothing is extrapolated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voxgate.errors import ConfigError, SpeechError

__all__ = [
    "DeviceMemoryError",
    "MeasuredMemory",
    "MeasuredSize",
    "OutOfDeviceMemoryError",
    "UnmeasuredError",
]


class DeviceMemoryError(SpeechError):
    """A device has no room for this now; nothing was spoken of it."""


class UnmeasuredError(SpeechError):
    """Nobody has measured what this needs on this device; nothing is extrapolated."""


class OutOfDeviceMemoryError(DeviceMemoryError):
    """A device ran out of memory although the sentence was admitted."""


@dataclass(frozen=True, kw_only=True)
class MeasuredSize:
    """The peak of memory while `sentences` of `phones` each were spoken side by side."""

    phones: int
    sentences: int
    peak_bytes: int


@dataclass(frozen=True, kw_only=True)
class MeasuredMemory:
    """The sizes that were measured on one kind of device, for one voice and precision.

    Raises:
        ConfigError: there is no size, one is not positive, or two contradict each other: a batch
            that holds another one cannot need less.
    """

    sizes: tuple[MeasuredSize, ...]

    def __post_init__(self) -> None:
        faults = [] if self.sizes else ["no size was measured"]
        faults += [
            f"{size}: expected numbers above 0"
            for size in self.sizes
            if min(size.phones, size.sentences, size.peak_bytes) <= 0
        ]
        faults += [
            f"{larger} needs less than {size}, which it holds; measure them again"
            for size in self.sizes
            for larger in self.sizes
            if larger.phones >= size.phones
            and larger.sentences >= size.sentences
            and larger.peak_bytes < size.peak_bytes
        ]
        if faults:
            raise ConfigError("measured memory", faults)

    def needed_bytes(self, phones: Sequence[int]) -> int | None:
        """Return what sentences of so many phones need side by side; None: it was not measured.

        That is the least of the measured batches that hold this one: as many sentences or more,
        each as long as the longest or longer.
        """
        if not phones:
            return 0
        return min(
            (
                size.peak_bytes
                for size in self.sizes
                if size.phones >= max(phones) and size.sentences >= len(phones)
            ),
            default=None,
        )

    def admitted(self, phones: Sequence[int], *, free_bytes: int) -> int:
        """Return how many of the first sentences may be spoken side by side in `free_bytes`.

        They are taken in order, so that no long sentence waits for ever behind short ones. 0 says
        that the first must wait, or, where all memory is free, that it cannot be spoken here.
        """
        for count in range(len(phones), 0, -1):
            needed = self.needed_bytes(phones[:count])
            if needed is not None and needed <= free_bytes:
                return count
        return 0
