"""The file that says what voices need on devices, as `voxgate speech-memory` has measured it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxgate.errors import ConfigError
from voxgate.files import write_json
from voxgate.serving.pool.memory_budget import MeasuredMemory, MeasuredSize
from voxgate.strict_yaml import read_yaml

__all__ = ["MEASURE", "MeasuredVoice", "MemoryTable"]

_SCHEMA = 1
_NAMES = ("voice", "precision", "device")
_NUMBERS = ("loaded_bytes", "prompt_phones")
MEASURE = "voxgate speech-memory --device"
"""The command that writes the table."""


@dataclass(frozen=True, kw_only=True)
class MeasuredVoice:
    """What one voice needs on one kind of device.

    `voice` is the digest of its card, `device` the kind, `loaded_bytes` what the voice takes while
    it says nothing, `prompt_phones` the longest prompt that was measured. `memory` has the peaks of
    a process with this voice alone, by phones of one sentence.
    """

    voice: str
    precision: str
    device: str
    loaded_bytes: int
    prompt_phones: int
    memory: MeasuredMemory

    @property
    def longest(self) -> int:
        """Phones of the longest sentence that was measured."""
        return max(size.phones for size in self.memory.sizes)

    def needed_bytes(self, phones: int) -> int | None:
        """Return what one sentence needs beside the loaded voice; None: it was not measured."""
        peak = self.memory.needed_bytes([phones])
        return None if peak is None else max(0, peak - self.loaded_bytes)

    def as_document(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        return {
            **{name: getattr(self, name) for name in (*_NAMES, *_NUMBERS)},
            "sizes": [
                {"phones": size.phones, "peak_bytes": size.peak_bytes} for size in self.memory.sizes
            ],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> MeasuredVoice:
        """Return the row that JSON values say.

        Raises:
            ValueError, TypeError, KeyError: they say none.
            ConfigError: the sizes contradict each other.
        """
        if set(document) != {*_NAMES, *_NUMBERS, "sizes"}:
            raise ValueError(f"a row has the fields {sorted(document)}")
        return cls(
            voice=str(document["voice"]),
            precision=str(document["precision"]),
            device=str(document["device"]),
            loaded_bytes=_whole(document["loaded_bytes"]),
            prompt_phones=_whole(document["prompt_phones"]),
            memory=MeasuredMemory(sizes=_sizes(document["sizes"])),
        )

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one row of."""
        return self.voice, self.precision, self.device


@dataclass(frozen=True, kw_only=True)
class MemoryTable:
    """All voices that were measured; one row a voice, precision and kind of device."""

    rows: tuple[MeasuredVoice, ...] = ()

    def find(self, voice: str, *, precision: str, device: str) -> MeasuredVoice | None:
        """Return what was measured of a voice on a kind of device."""
        return next((row for row in self.rows if row.key == (voice, precision, device)), None)

    def has_device(self, device: str) -> bool:
        """Whether any voice was measured on a kind of device."""
        return any(row.device == device for row in self.rows)

    def with_row(self, row: MeasuredVoice) -> MemoryTable:
        """Return the table with a row in place of the one of the same name."""
        return MemoryTable(rows=(*(one for one in self.rows if one.key != row.key), row))

    def write(self, path: Path) -> None:
        """Write the table; whoever reads it sees the old one or the new one."""
        rows = [row.as_document() for row in self.rows]
        write_json(path, {"schema": _SCHEMA, "measured": rows})

    @classmethod
    def read(cls, path: Path) -> MemoryTable:
        """Read a table; one that nobody has written is empty.

        Raises:
            ConfigError: it is no such file, or its numbers contradict each other.
        """
        try:
            document = read_yaml(path)  # JSON is YAML, and a key twice is a fault
        except FileNotFoundError:
            return cls()
        try:
            rows = _rows(document)
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(
                str(path),
                [f"{type(error).__name__}: {error}", f"delete it and run `{MEASURE} …` again"],
            ) from None
        return cls(rows=rows)


def _rows(document: dict[str, Any]) -> tuple[MeasuredVoice, ...]:
    if document["schema"] != _SCHEMA:
        raise ValueError(f"expected schema {_SCHEMA}, got {document['schema']!r}")
    return tuple(map(MeasuredVoice.from_document, document["measured"]))


def _sizes(documents: Sequence[dict[str, Any]]) -> tuple[MeasuredSize, ...]:
    return tuple(
        MeasuredSize(
            phones=_whole(one["phones"]), sentences=1, peak_bytes=_whole(one["peak_bytes"])
        )
        for one in documents
    )


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"expected a whole number, got {value!r}")
    return value
