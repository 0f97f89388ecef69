"""What the forms of a list have in common: a row of named cells, or what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ID_COLUMN", "ListWarning", "RawRow", "RejectedRow"]

ID_COLUMN = "recipient_id"
"""The column that every list has: the caller's own id."""


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """A row as it was written: cells by column. `number` is the line where it begins, from 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class RejectedRow:
    """A row that no message is made of. `code` is stable; `detail` says what to do, in full.

    `recipient_id` is None where the row has none that can be shown.
    """

    number: int
    recipient_id: str | None
    code: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class ListWarning:
    """Something that a list has and nobody reads; said once for the whole list."""

    number: int
    code: str
    detail: str
