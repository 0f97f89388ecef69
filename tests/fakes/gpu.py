"""A device without a device: memory that is a number, and voices that say what they were told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.fakes.served_voice import NoiseVoice
from voxgate.serving.pool.device_memory import RESERVE_BYTES
from voxgate.serving.pool.memory_budget import (
    DeviceMemoryError,
    MeasuredMemory,
    MeasuredSize,
    OutOfDeviceMemoryError,
    UnmeasuredError,
)
from voxgate.serving.pool.memory_table import MeasuredVoice
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.sentence import SpokenPiece

KIND = "Acme One"
MIB = 1 << 20
LOADER = "tests.fakes.gpu:load"
ENVIRONMENT_LOADER = "tests.fakes.gpu:load_with_environment"


class FullError(Exception):
    """What a library of the device raises."""


@dataclass
class FakeMemory:
    """Implements DeviceMemory; `room` is free beside the reserve."""

    room: int = 1000 * MIB
    used: int = 0
    peak: int = 0
    resets: int = 0
    name: str = KIND

    def free_bytes(self) -> int:
        return self.room + RESERVE_BYTES

    def used_bytes(self) -> int:
        return self.used

    def reset_peak(self) -> None:
        self.resets += 1
        self.peak = self.used

    def peak_bytes(self) -> int:
        return self.peak

    def ran_out(self, error: Exception) -> bool:
        return isinstance(error, FullError)


@dataclass
class LetterReader:
    """Reads a phone a letter, and cuts at full stops and after `longest` letters."""

    longest: int = 10_000

    def sentences(self, text: str, *, cut: str) -> list[tuple[int, ...]]:
        pieces = [
            piece[start : start + self.longest]
            for piece in text.split(".")
            for start in range(0, len(piece), self.longest)
        ]
        return [tuple(map(ord, piece)) for piece in pieces]


@dataclass
class LetterVoice:
    """Implements ReadingVoice; each sentence costs `memory` a MiB a letter, and raises `fault`."""

    memory: FakeMemory
    reader: Any = field(default_factory=LetterReader)
    fault: Exception | None = None
    speeds: list[float] = field(default_factory=list)
    sample_rate_hz: int = 16_000

    def speak_sentences(
        self,
        text: str,
        *,
        seed: int,
        options: SpeakingOptions,
        first: int = 0,
        pause_s: float | None = None,
    ) -> Iterator[SpokenPiece]:
        self.speeds.append(options.speed)
        for place, phones in enumerate(self.reader.sentences(text, cut=options.cut)):
            if place < first:
                continue
            if self.fault is not None:
                raise self.fault
            self.memory.peak = max(self.memory.peak, self.memory.used + len(phones) * MIB)
            wave = np.zeros(len(phones), np.float32)
            yield SpokenPiece(place=place, wave=wave, stopped_by_limit=False)

    def prepare_reference(self, *clips: Any) -> Any:
        assert self.fault is not None
        raise self.fault


def measured(*sizes: tuple[int, int], voice: str = "ab" * 32, loaded: int = 0) -> MeasuredVoice:
    """Return a row: phones and MiB of each size."""
    return MeasuredVoice(
        voice=voice,
        precision="float32",
        device=KIND,
        loaded_bytes=loaded,
        prompt_phones=20,
        memory=MeasuredMemory(
            sizes=tuple(
                MeasuredSize(phones=phones, sentences=1, peak_bytes=mib * MIB)
                for phones, mib in sizes
            )
        ),
    )


FULL: list[str] = []
"""Words that find the device full, once for each entry."""


class OwnerVoice(NoiseVoice):
    """Says what a test tells it, and finds its device full at the words in `FULL`."""

    def speak_sentences(self, text: str, **options: Any) -> Iterator[SpokenPiece]:
        for piece, word in zip(
            super().speak_sentences(text, **options),
            text.split("|")[options["first"] :],
            strict=True,
        ):
            if word in FULL:
                FULL.remove(word)
                raise OutOfDeviceMemoryError("the device is full")
            if word == "unmeasured":
                raise UnmeasuredError("nobody has measured it")
            if word == "no-room":
                raise DeviceMemoryError("no room for it")
            yield piece


def load(folder: Path, *, threads: int, precision: Any) -> OwnerVoice:
    return OwnerVoice(folder)


def load_with_environment(folder: Path, *, threads: int, precision: Any) -> OwnerVoice:
    """Tell, by refusing, what this process began with, before its interpreter did."""
    told = Path("/proc/self/environ").read_bytes().decode().split("\0")
    names = ("CUDA_VISIBLE_DEVICES=", "CUBLAS_WORKSPACE_CONFIG=", "OMP_NUM_THREADS=")
    raise DeviceMemoryError("; ".join(sorted(one for one in told if one.startswith(names))))
