"""A voice on a device: it speaks a sentence only where what was measured says that it fits.

One sentence at a time: side by side the last bits of samples would depend on who else speaks. What
runs out of memory all the same is told apart from what was refused, for the pool tries it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from voxgate.serving.pool.memory_budget import (
    DeviceMemoryError,
    OutOfDeviceMemoryError,
    UnmeasuredError,
)
from voxgate.serving.pool.memory_table import MeasuredVoice
from voxgate.serving.pool.voices import ServedVoice
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.reading import TextReader
from voxgate.speaking.reference import PreparedReference, ReferenceClip
from voxgate.speaking.sentence import SpokenPiece

__all__ = [
    "RESERVE_BYTES",
    "AdmittedVoice",
    "DeviceMemory",
    "ReadingVoice",
    "in_memory",
    "require_room",
]

RESERVE_BYTES = 512 << 20
"""Stays free: libraries of the device take memory that the allocator does not see."""

_Made = TypeVar("_Made")


class DeviceMemory(Protocol):
    """The memory of the one device that a process sees; all in bytes."""

    @property
    def name(self) -> str:
        """The kind of the device, such as `NVIDIA H200`."""
        ...

    def free_bytes(self) -> int:
        """Return what could be taken now: free on the device, or kept unused by this process."""
        ...

    def used_bytes(self) -> int:
        """Return what this process uses now."""
        ...

    def reset_peak(self) -> None:
        """Give back what is kept unused, and begin to watch the peak anew."""
        ...

    def peak_bytes(self) -> int:
        """Return the most that this process has held since `reset_peak`."""
        ...

    def ran_out(self, error: Exception) -> bool:
        """Whether an error says that the device has no memory left."""
        ...


class ReadingVoice(ServedVoice, Protocol):
    """A voice that shows how it reads; `GptSovitsVoice` is one."""

    @property
    def reader(self) -> TextReader:
        """Makes phones of texts."""
        ...


@dataclass(frozen=True, kw_only=True)
class AdmittedVoice:
    """Implements ServedVoice with a voice on a device, within what was measured of it there."""

    voice: ReadingVoice
    measured: MeasuredVoice
    memory: DeviceMemory

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of its waves."""
        return self.voice.sample_rate_hz

    def speak_sentences(
        self,
        text: str,
        *,
        seed: int,
        options: SpeakingOptions,
        first: int = 0,
        pause_s: float | None = None,
    ) -> Iterator[SpokenPiece]:
        """Speak as the voice does; each sentence is admitted before it is begun.

        Raises:
            UnmeasuredError: a sentence, or what the reference says, is longer than was measured.
            DeviceMemoryError: a sentence does not fit into what is free.
            OutOfDeviceMemoryError: it was admitted, and did not fit.
            TextError, VoiceError: as the voice raises them.
        """
        lengths = [
            len(phones) for phones in self.voice.reader.sentences(text, cut=options.cut)[first:]
        ]
        if options.reference is not None:
            self._require_measured_prompt(len(options.reference.prompt_phones))
        pieces = self.voice.speak_sentences(
            text, seed=seed, options=options, first=first, pause_s=pause_s
        )
        for phones in lengths:
            yield self._spoken(pieces, phones)

    def prepare_reference(self, *clips: ReferenceClip) -> PreparedReference:
        """Prepare recordings of a speaker; their networks compute on the processor.

        Raises:
            OutOfDeviceMemoryError: the device has no room for the result.
            ReferenceAudioError, TextError: as the voice raises them.
        """
        return in_memory(
            self.memory, lambda: self.voice.prepare_reference(*clips), "a speaker's reference"
        )

    def _require_measured_prompt(self, phones: int) -> None:
        if phones > self.measured.prompt_phones:
            raise UnmeasuredError(
                f"the text of the reference has {phones} phones, and prompts of at most "
                f"{self.measured.prompt_phones} were measured on {self.memory.name}; enrol the "
                "speaker with a shorter recording, or without its text"
            )

    def _spoken(self, pieces: Iterator[SpokenPiece], phones: int) -> SpokenPiece:
        needed = self.measured.needed_bytes(phones)
        if needed is None:
            raise UnmeasuredError(
                f"a sentence has {phones} phones, and at most {self.measured.longest} were "
                f"measured on {self.memory.name}; cut it into shorter sentences"
            )
        require_room(self.memory, needed, f"a sentence of {phones} phones")
        return in_memory(
            self.memory, lambda: next(pieces), f"a sentence of {phones} phones ({_mib(needed)})"
        )


def in_memory(memory: DeviceMemory, work: Callable[[], _Made], what: str) -> _Made:
    """Return what `work` makes on the device.

    Raises:
        OutOfDeviceMemoryError: the device ran out of memory at it; what can be given back, was.
        Exception: as `work` raises it.
    """
    try:
        return work()
    except Exception as error:
        if not memory.ran_out(error):
            raise
        cause = f"{type(error).__name__}: {str(error).partition('.')[0]}"
    # Outside of the handler: the error's frames held what is given back here.
    memory.reset_peak()
    raise OutOfDeviceMemoryError(
        f"{memory.name} ran out of memory at {what}: {cause}; end what else uses the device, or "
        "measure it anew with `voxgate speech-memory`"
    )


def require_room(memory: DeviceMemory, needed_bytes: int, what: str) -> None:
    """Pass what fits into the free memory less `RESERVE_BYTES`.

    Raises:
        DeviceMemoryError: it does not.
    """
    free = memory.free_bytes() - RESERVE_BYTES
    if needed_bytes > free:
        raise DeviceMemoryError(
            f"{what} needs {_mib(needed_bytes)} on {memory.name}, and {_mib(max(0, free))} are "
            f"free beside a reserve of {_mib(RESERVE_BYTES)}; ask again later, and end what else "
            "uses the device"
        )


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
