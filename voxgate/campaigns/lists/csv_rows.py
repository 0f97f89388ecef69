"""Rows of a CSV list (RFC 4180): one bad row is one bad row.

A cell may hold line breaks within quotation marks. A stray quotation mark looks the same at first,
and a second one far below seems to close it; so the lines after it are taken into the row only if
that gives a whole row whose breaks are in columns that nobody reads. Else the line alone is bad,
and what follows is read as if it were not there.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Collection, Iterator, Sequence

from voxgate.campaigns.lists.lines import LONGEST_LINE, Line, LineFault
from voxgate.campaigns.lists.rows import ID_COLUMN, RawRow, RejectedRow
from voxgate.spreadsheets import unguard_cell

__all__ = ["csv_rows", "read_header", "sniff_delimiter"]

_DELIMITERS = (",", ";", "\t")

_MOST_LINES = 20
"""Lines of one row."""


def sniff_delimiter(header: str) -> str:
    """Return the delimiter that gives a column of ids, and the most columns beside it."""

    def found(delimiter: str) -> tuple[bool, int]:
        columns = read_header(header, delimiter) or ()
        return ID_COLUMN in columns, len(columns)

    return max(_DELIMITERS, key=found)


def read_header(header: str, delimiter: str) -> tuple[str, ...] | None:
    """Return the names of the columns; None where the line has unbalanced quotation marks."""
    cells = _cells(header, delimiter)
    return None if cells is None else tuple(cell.strip() for cell in cells)


def csv_rows(
    lines: Iterator[Line | LineFault],
    columns: Sequence[str],
    delimiter: str,
    *,
    on_one_line: Collection[str],
) -> Iterator[RawRow | RejectedRow]:
    """Yield the rows below the header. An apostrophe that guards a formula is taken off a cell.

    `on_one_line` are the columns whose cells hold no line breaks: those that are read.
    """
    may_break = [column not in on_one_line for column in columns]
    source = _Lines(lines)
    while (line := source.take()) is not None:
        if isinstance(line, LineFault):
            yield RejectedRow(
                number=line.number, recipient_id=None, code=line.code, detail=line.detail
            )
            continue
        cells: Sequence[str] | None = _cells(line.text, delimiter)
        if cells is None:
            cells = _continued(line, source, may_break, delimiter)
        yield _row(line.number, cells, columns)


def _row(number: int, cells: Sequence[str] | None, columns: Sequence[str]) -> RawRow | RejectedRow:
    if cells is None:
        return RejectedRow(
            number=number,
            recipient_id=None,
            code="bad_quoting",
            detail="quotation marks do not balance on the line; put them around a whole cell, "
            "double those inside it, and break no line in a cell that is read",
        )
    if len(cells) != len(columns):
        return RejectedRow(
            number=number,
            recipient_id=None,
            code="wrong_columns",
            detail=f"expected {len(columns)} cells as in the header, got {len(cells)}; put "
            "quotation marks around a cell that contains the delimiter",
        )
    read = map(unguard_cell, cells)
    return RawRow(number=number, cells=dict(zip(columns, read, strict=True)))


def _continued(
    first: Line, source: _Lines, may_break: Sequence[bool], delimiter: str
) -> Sequence[str] | None:
    """Return the cells of a row that goes on after `first`; None, and no line taken, without."""
    taken = [first.text]
    for line in source.ahead(_MOST_LINES - 1):
        if isinstance(line, LineFault):
            return None
        taken.append(line.text)
        if sum(map(len, taken)) > LONGEST_LINE:
            return None
        cells = _cells("\n".join(taken), delimiter)
        if cells is not None:
            if len(cells) != len(may_break):
                return None
            if any("\n" in cell and not may for cell, may in zip(cells, may_break, strict=True)):
                return None
            source.drop(len(taken) - 1)
            return cells
    return None


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


class _Lines:
    """Lines that can be looked at before they are taken."""

    def __init__(self, lines: Iterator[Line | LineFault]) -> None:
        self._lines = lines
        self._seen: deque[Line | LineFault] = deque()

    def take(self) -> Line | LineFault | None:
        """Return the next line; None at the end."""
        return self._seen.popleft() if self._seen else next(self._lines, None)

    def ahead(self, count: int) -> Iterator[Line | LineFault]:
        """Yield up to `count` of the next lines, which stay."""
        for place in range(count):
            if place == len(self._seen):
                line = next(self._lines, None)
                if line is None:
                    return
                self._seen.append(line)
            yield self._seen[place]

    def drop(self, count: int) -> None:
        """Take `count` lines that were looked at."""
        for _ in range(count):
            self._seen.popleft()
