"""Write tables that a spreadsheet shows and does not run.

A cell that begins with =, +, -, @, a tab or a carriage return is a formula to a spreadsheet, and a
formula can send what is on the sheet elsewhere. An apostrophe before it makes it a text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

__all__ = ["guard_cell", "read_table", "start_table", "unguard_cell", "write_table"]

_RUNS = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def guard_cell(text: str) -> str:
    """Return `text` so that a spreadsheet takes it for text; `unguard_cell` gives it back."""
    return f"'{text}" if _RUNS.match(text) else text


def unguard_cell(text: str) -> str:
    """Return what `guard_cell` was given."""
    return text[1:] if _GUARDED.match(text) else text


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV text (RFC 4180, LF) of guarded cells; the same rows give the same bytes."""
    stream = io.StringIO()
    start_table(stream, header)(rows)
    return stream.getvalue()


def start_table(
    stream: TextIO, header: Sequence[str]
) -> Callable[[Iterable[Sequence[str]]], object]:
    """Write a header as `write_table` does, and return what writes rows below it, as they come.

    `stream` must not translate line ends (`newline=""`).
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    return lambda rows: writer.writerows([guard_cell(cell) for cell in row] for row in rows)


def read_table(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a table as they were given, its header first.

    Raises:
        OSError, UnicodeDecodeError, csv.Error: it cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.reader(stream, strict=True):
            yield [unguard_cell(cell) for cell in row]
