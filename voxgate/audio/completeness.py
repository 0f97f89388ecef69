"""Whether a file holds what its own framing announces: all of it, and one recording only.

Decoders are lenient: libsndfile reads the first part of a concatenation and stops without a word,
and most readers take a cut file for a shorter one. Both would pair a sound with words that it does
not say, so the framing is looked at here. Nothing is decoded.
"""

from __future__ import annotations

import mmap
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["Framing", "inspect_framing"]

_UNKNOWN_BYTES = 0x7FF0_0000
"""Writers to a pipe cannot know the size; they write 0, or something from here on."""

_TOLERATED_BYTES = 16
_FLAC_START = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22")
_MP3_START = re.compile(rb"(?:Xing|Info)\x00\x00\x00[\x01-\x0f]")
_OGG_HEADER = struct.Struct("<4sBBqIIIB")
_OGG_BEGINS = 0x02


@dataclass(frozen=True, kw_only=True)
class Framing:
    """What the framing says.

    parts: recordings in the file, one after the other; a walk that finds no end says 1.
    missing_bytes: how many more than there are were announced.
    announces_length: whether the header's number of samples is a count and no estimate.
    """

    parts: int = 1
    missing_bytes: int = 0
    announces_length: bool = False


def inspect_framing(path: Path, container: str | None) -> Framing:
    """Walk the chunks, boxes or pages of a file of a known container, at most once through."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        match container:
            case "wav" | "aiff":
                return _inspect_chunks(data, big_endian=data[:4] in {b"FORM", b"RIFX"})
            case "mp4":
                return _inspect_boxes(data)
            case "ogg":
                return _inspect_pages(data)
            case "flac":
                return Framing(parts=max(1, _count(_FLAC_START, data)), announces_length=True)
            case "mp3":
                starts = _count(_MP3_START, data)
                return Framing(parts=max(1, starts), announces_length=starts == 1)
            case _:
                return Framing()


def _count(start: re.Pattern[bytes], data: mmap.mmap) -> int:
    return sum(1 for _ in start.finditer(data))


def _inspect_chunks(data: mmap.mmap, *, big_endian: bool) -> Framing:
    order: Literal["big", "little"] = "big" if big_endian else "little"
    whole = 8 + int.from_bytes(data[4:8], order)
    parts = 2 if data[whole : whole + 4] in {b"RIFF", b"FORM"} else 1
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], order)
        if data[at : at + 4] in {b"data", b"SSND"}:
            return Framing(parts=parts, missing_bytes=_missing(size, len(data) - at - 8))
        at += 8 + size + size % 2
    return Framing(parts=parts)


def _inspect_boxes(data: mmap.mmap) -> Framing:
    at = 0
    while at + 16 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:  # the size follows, in 64 bits
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:  # 0: to the end of the file  # noqa: PLR2004
            break
        at += size
    return Framing(missing_bytes=max(0, at - len(data)))


def _inspect_pages(data: mmap.mmap) -> Framing:
    at, parts, began = 0, 0, False
    while at + _OGG_HEADER.size <= len(data):
        magic, _, flags, _, _, _, _, segments = _OGG_HEADER.unpack_from(data, at)
        if magic != b"OggS":
            break  # damage is for the decoder to judge
        begins = bool(flags & _OGG_BEGINS)
        parts += begins and not began
        began = begins
        lengths = data[at + _OGG_HEADER.size : at + _OGG_HEADER.size + segments]
        at += _OGG_HEADER.size + segments + sum(lengths)
    cut = data[at : at + 4] == b"OggS" or at > len(data)
    missing = max(at - len(data), 1) if cut else 0
    return Framing(parts=max(1, parts), missing_bytes=missing)


def _missing(announced: int, there: int) -> int:
    if announced == 0 or announced >= _UNKNOWN_BYTES or announced - there <= _TOLERATED_BYTES:
        return 0
    return announced - there
