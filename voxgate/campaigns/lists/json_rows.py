"""Rows of a JSON Lines list: an object a line, with texts or numbers in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from voxgate.campaigns.lists.lines import Line, LineFault
from voxgate.campaigns.lists.rows import RawRow, RejectedRow
from voxgate.excerpts import excerpt

__all__ = ["json_rows"]


def json_rows(lines: Iterator[Line | LineFault]) -> Iterator[RawRow | RejectedRow]:
    """Yield the rows. Numbers keep the writing that they have; null is as if it were not there."""
    for line in lines:
        if isinstance(line, LineFault):
            yield RejectedRow(
                number=line.number, recipient_id=None, code=line.code, detail=line.detail
            )
        else:
            yield _row(line)


def _row(line: Line) -> RawRow | RejectedRow:
    try:
        found = json.loads(
            line.text,
            parse_int=str,  # as it was written: 12.50 is not 12.5 when it is said
            parse_float=str,
            parse_constant=_refuse_constant,
            object_pairs_hook=_once_each,
        )
    except (ValueError, RecursionError) as error:
        return _rejected(line, f"no JSON: {error}; write one object a line")
    if not isinstance(found, dict):
        return _rejected(line, f"expected an object of columns, got {excerpt(found)}")
    cells = {name: value for name, value in found.items() if value is not None}
    for name, value in cells.items():
        if not isinstance(value, str):
            return _rejected(
                line, f"{excerpt(name)}: expected a text or a number, got {excerpt(value)}"
            )
    return RawRow(number=line.number, cells=cells)


def _rejected(line: Line, detail: str) -> RejectedRow:
    return RejectedRow(number=line.number, recipient_id=None, code="bad_json", detail=detail)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no value")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{excerpt(twice)} stands there twice")
    return found
