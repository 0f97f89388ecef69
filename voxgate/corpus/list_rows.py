"""Split the lines of a list into cells; every line that cannot be split is a fault."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from voxgate.corpus.columns import LANGUAGE, SPOKEN, TEXT
from voxgate.corpus.line_faults import LineFaults

__all__ = ["Rows", "split_rows"]

Rows = list[tuple[int, list[str]]]
"""Number of the line, and its cells without blanks around them."""

_LJSPEECH_CELLS = (2, 3)
_TEXTS = (TEXT, SPOKEN)


def split_rows(
    lines: Sequence[tuple[int, str]],
    separator: str,
    columns: int | None,
    faults: LineFaults,
    roles: Sequence[str] = (),
) -> Rows:
    """Split by `separator`; `columns` None stands for LJSpeech's two or three.

    Only cells between commas, semicolons and tabs may stand in quotation marks: between `|` these
    are part of the text.
    """
    if separator != "|":
        return _quoted_rows(lines, separator, columns or 0, faults)
    rows: Rows = []
    # A text in the last column may contain the separator.
    most = len(roles) - 1 if roles and roles[-1] in _TEXTS else -1
    for number, line in lines:
        cells = [cell.strip() for cell in line.split("|", most)]
        if columns is None and (len(cells) not in _LJSPEECH_CELLS or not cells[0]):
            faults.add(
                number,
                f"expected id|text or id|text|normalised text, got {len(cells)} fields; a text "
                "that contains '|' needs the CSV layout",
            )
        elif columns is not None and len(cells) != columns:
            expected = "|".join("LANG" if role == LANGUAGE else role for role in roles)
            faults.add(number, f"expected {expected}, got {len(cells)} fields")
        else:
            rows.append((number, cells))
    return rows


def _quoted_rows(
    lines: Sequence[tuple[int, str]], separator: str, columns: int, faults: LineFaults
) -> Rows:
    rows: Rows = []
    position = 0
    while position < len(lines):
        number, line = lines[position]
        cells = _split(line, separator)
        end = position if cells is not None else _end_of_cell(lines, position)
        if end > position:
            faults.add(
                number,
                f"a cell goes on to line {lines[end][0]}: write a text with its line break as one "
                "line, or mend the quotation mark that is not closed",
            )
        elif cells is None or len(cells) != columns:
            got = "unbalanced quotation marks" if cells is None else f"{len(cells)} fields"
            faults.add(
                number,
                f"expected {columns} fields, got {got}; put quotation marks around a text that "
                "contains the separator, and double those inside it",
            )
        else:
            rows.append((number, [cell.strip() for cell in cells]))
        position = end + 1
    return rows


def _end_of_cell(lines: Sequence[tuple[int, str]], start: int) -> int:
    """The line that closes the quotation mark which `start` leaves open; `start` if none does."""
    if lines[start][1].count('"') % 2 == 0:
        return start
    for position in range(start + 1, len(lines)):
        if lines[position][1].count('"') % 2 == 1:
            return position
    return start


def _split(line: str, separator: str) -> list[str] | None:
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return None
