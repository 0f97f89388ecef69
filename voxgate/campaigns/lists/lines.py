"""Lines of a file that somebody else wrote, one at a time and never longer than a bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

__all__ = ["LONGEST_LINE", "Line", "LineFault", "read_lines"]

LONGEST_LINE = 1 << 16
"""Bytes of a line."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line without its end. `number` counts from 1, as editors do."""

    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class LineFault:
    """A line that is no text. `code` is stable."""

    number: int
    code: str
    detail: str


def read_lines(stream: BinaryIO) -> Iterator[Line | LineFault]:
    """Yield the lines of a stream; blank ones are left out, and a byte order mark is dropped."""
    number = 0
    while data := stream.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        if len(data) > LONGEST_LINE:
            _skip_rest(stream, data)
            yield LineFault(
                number=number,
                code="line_too_long",
                detail=f"more than {LONGEST_LINE:,} bytes in one line; is a line break missing?",
            )
        elif data.strip():
            yield _line(number, data)


def _skip_rest(stream: BinaryIO, data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = stream.readline(LONGEST_LINE)


def _line(number: int, data: bytes) -> Line | LineFault:
    data = data.removesuffix(b"\n").removesuffix(b"\r")
    if b"\0" in data:
        return LineFault(
            number=number,
            code="nul_byte",
            detail=f"a NUL at byte {data.index(0)}; write the row anew, as UTF-8",
        )
    try:
        return Line(number=number, text=data.decode())
    except UnicodeDecodeError as error:
        return LineFault(
            number=number,
            code="not_utf8",
            detail=f"expected UTF-8, got byte 0x{data[error.start]:02x} at {error.start}; "
            "save the list as UTF-8",
        )
