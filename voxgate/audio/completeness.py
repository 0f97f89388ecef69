"""Whether a file holds what its own framing announces: all of it, and one recording only.

Decoders are lenient: libsndfile reads the first part of a concatenation and stops without a word,
and most readers take a cut file for a shorter one. Both would pair a sound with words that it does
not say, so the framing is looked at here. Nothing is decoded, and little is in memory at a time.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

__all__ = ["Framing", "inspect_framing"]

_UNKNOWN_BYTES = 0x7FF0_0000
"""Writers to a pipe cannot know the size; they write 0, or something from here on."""

_TOLERATED_BYTES = 16
_STARTS = {
    "flac": re.compile(rb"fLaC[\x00\x80]\x00\x00\x22"),
    "mp3": re.compile(rb"(?:Xing|Info)\x00\x00\x00[\x01-\x0f]"),
}
_OGG_HEADER = struct.Struct("<4sBBqIIIB")
_OGG_BEGINS = 0x02

_BLOCK_BYTES = 1 << 20
_LONGEST_START = 7
"""One less than the longest pattern that is looked for."""

_EBML_HEADER = b"\x1a\x45\xdf\xa3"
_EBML_SEGMENT = b"\x18\x53\x80\x67"
_EBML_ID_BYTES = 4


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
    with path.open("rb") as stream:
        data = _Bytes(stream, path.stat().st_size)
        match container:
            case "wav" | "aiff":
                return _inspect_chunks(data, big_endian=data.at(0, 4) in {b"FORM", b"RIFX"})
            case "mp4":
                return _inspect_boxes(data)
            case "matroska":
                return _inspect_segment(data)
            case "ogg":
                return _inspect_pages(data)
            case "flac" | "mp3":
                starts = data.count(_STARTS[container])
                counted = container == "flac" or starts == 1
                return Framing(parts=max(1, starts), announces_length=counted)
            case _:
                return Framing()


@dataclass
class _Bytes:
    """A file as a sequence of bytes. A map of it would count as memory, and may not fit at all."""

    stream: BinaryIO
    size: int

    def at(self, start: int, count: int) -> bytes:
        """Return `count` bytes from `start`, fewer at the end of the file."""
        self.stream.seek(start)
        return self.stream.read(count)

    def count(self, start: re.Pattern[bytes]) -> int:
        """Return how often a short pattern is found."""
        found, rest = 0, b""
        self.stream.seek(0)
        while block := self.stream.read(_BLOCK_BYTES):
            window = rest + block
            ends = [match.end() for match in start.finditer(window)]
            found += len(ends)
            # What was found is not found again; what began may go on in the next block.
            rest = window[max([*ends, len(window) - _LONGEST_START]) :]
        return found


def _inspect_chunks(data: _Bytes, *, big_endian: bool) -> Framing:
    order: Literal["big", "little"] = "big" if big_endian else "little"
    whole = 8 + int.from_bytes(data.at(4, 4), order)
    parts = 2 if data.at(whole, 4) in {b"RIFF", b"FORM"} else 1
    at = 12
    while at + 8 <= data.size:
        header = data.at(at, 8)
        size = int.from_bytes(header[4:], order)
        if header[:4] in {b"data", b"SSND"}:
            return Framing(parts=parts, missing_bytes=_missing(size, data.size - at - 8))
        at += 8 + size + size % 2
    return Framing(parts=parts)


def _inspect_boxes(data: _Bytes) -> Framing:
    at = 0
    while at + 16 <= data.size:
        header = data.at(at, 16)
        size = int.from_bytes(header[:4], "big")
        if size == 1:  # the size follows, in 64 bits
            size = int.from_bytes(header[8:], "big")
        if size < 8:  # 0: to the end of the file  # noqa: PLR2004
            break
        at += size
    return Framing(missing_bytes=max(0, at - data.size))


def _inspect_segment(data: _Bytes) -> Framing:
    """Hold the one segment of a Matroska file against the file (RFC 8794: EBML)."""
    at = _EBML_ID_BYTES
    for magic in (_EBML_HEADER, _EBML_SEGMENT):
        if data.at(at - _EBML_ID_BYTES, _EBML_ID_BYTES) != magic:
            return Framing()
        size, width = _ebml_size(data.at(at, 8))
        if size is None:
            return Framing()
        at += width + size + _EBML_ID_BYTES
    return Framing(missing_bytes=max(0, at - _EBML_ID_BYTES - data.size))


def _ebml_size(data: bytes) -> tuple[int | None, int]:
    """Return a size and the bytes that it takes; None for "unknown", which is all bits set."""
    if not data or not data[0]:
        return None, 0
    width = 9 - data[0].bit_length()
    mask = (1 << 7 * width) - 1
    size = int.from_bytes(data[:width], "big") & mask
    return (None if size == mask else size), width


def _inspect_pages(data: _Bytes) -> Framing:
    at, parts, began = 0, 0, False
    while at + _OGG_HEADER.size <= data.size:
        header = data.at(at, _OGG_HEADER.size)
        magic, _, flags, _, _, _, _, segments = _OGG_HEADER.unpack(header)
        if magic != b"OggS":
            break  # damage is for the decoder to judge
        begins = bool(flags & _OGG_BEGINS)
        parts += begins and not began
        began = begins
        at += _OGG_HEADER.size + segments + sum(data.at(at + _OGG_HEADER.size, segments))
    cut = data.at(at, 4) == b"OggS" or at > data.size
    missing = max(at - data.size, 1) if cut else 0
    return Framing(parts=max(1, parts), missing_bytes=missing)


def _missing(announced: int, there: int) -> int:
    if announced == 0 or announced >= _UNKNOWN_BYTES or announced - there <= _TOLERATED_BYTES:
        return 0
    return announced - there
