"""Read a list of recipients row by row: each is accepted, or rejected with its reason.

Nothing of the list is held but a short digest of each accepted id, so that memory does not grow
with the length of rows and hardly with their number.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from voxgate.campaigns.lists.csv_rows import csv_rows, read_header, sniff_delimiter
from voxgate.campaigns.lists.json_rows import json_rows
from voxgate.campaigns.lists.lines import Line, LineFault, read_lines
from voxgate.campaigns.lists.rows import ID_COLUMN, ListWarning, RawRow, RejectedRow
from voxgate.campaigns.templates.slots import Slot, SlotValue, ValueFault
from voxgate.campaigns.templates.template import Template, shared_slots
from voxgate.campaigns.templates.values import read_value
from voxgate.errors import RecipientListError
from voxgate.excerpts import excerpt, some_of
from voxgate.files import digest_json
from voxgate.printable import describe_character, find_unprintable

__all__ = [
    "ID_COLUMN",
    "LONGEST_ID",
    "TEMPLATE_COLUMN",
    "ListWarning",
    "RecipientRow",
    "RejectedRow",
    "log_warning",
    "read_recipients",
]

_LOG = logging.getLogger(__name__)

TEMPLATE_COLUMN = "template"

LONGEST_ID = 128
"""Characters of a recipient id."""

_MOST_WARNINGS = 20
_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class RecipientRow:
    """One recipient, the templates that are for them, and what is said in the slots of these.

    `number` is the line where the row begins. `digest` names the content: the same recipient with
    the same templates and spoken values has the same one, in whatever form the list was.
    """

    number: int
    recipient_id: str
    templates: tuple[str, ...]
    values: Mapping[str, SlotValue]
    digest: str


def log_warning(warning: ListWarning) -> None:
    """Write a warning to the log; it names columns and holds nothing of any recipient."""
    _LOG.warning("recipient list, line %d: %s", warning.number, warning.detail)


def read_recipients(
    source: Path | BinaryIO,
    templates: Mapping[str, Template],
    *,
    language: str = "en",
    on_warning: Callable[[ListWarning], None] = log_warning,
) -> Iterator[RecipientRow | RejectedRow]:
    """Yield every row of a CSV or JSON Lines list; `on_warning` hears of columns nobody reads.

    The first line tells the form: a "{" begins JSON Lines, everything else is the header of a CSV,
    which also tells the delimiter. A stream is read once, and stays open.

    Raises:
        RecipientListError: the list is missing or empty, or its header lacks columns.
        TemplateError: two templates declare a slot differently.
    """
    reading = _Reading(templates, language, on_warning)
    try:
        opened = source.open("rb") if isinstance(source, Path) else nullcontext(source)
    except OSError as error:
        raise RecipientListError(
            "recipient list", [f"{source} cannot be read: {error.strerror}"]
        ) from None
    with opened as stream:
        lines = read_lines(stream)
        first = next(lines, None)
        if first is None:
            raise RecipientListError(
                "recipient list",
                [f"it is empty; expected a header with {ID_COLUMN}, or JSON Lines"],
            )
        if isinstance(first, Line) and first.text.lstrip().startswith("{"):
            yield from reading.entries(json_rows(chain([first], lines)))
            return
        columns, delimiter = _header(first, reading.slots)
        reading.look_for_unread(first.number, columns)
        rows = csv_rows(lines, columns, delimiter, on_one_line=reading.columns)
        yield from reading.entries(rows)


def _header(first: Line | LineFault, slots: Mapping[str, Slot]) -> tuple[tuple[str, ...], str]:
    where = "header of the recipient list"
    if isinstance(first, LineFault):
        raise RecipientListError(where, [f"line {first.number}: {first.detail}"])
    delimiter = sniff_delimiter(first.text)
    columns = read_header(first.text, delimiter)
    if columns is None or first.text.count('"') % 2:
        raise RecipientListError(
            where,
            ["its quotation marks do not balance, or its lines end with CR alone; save it anew"],
        )
    twice = [name for name in dict.fromkeys(columns) if columns.count(name) > 1]
    faults = [f"column {excerpt(name)} stands there twice; remove one" for name in twice[:_SHOWN]]
    missing = [name for name in (ID_COLUMN, *slots) if name not in columns]
    if missing:
        found = some_of([excerpt(name) for name in columns], _SHOWN)
        faults.append(f"column {', '.join(missing)} is missing; there are: {found}")
    if faults:
        raise RecipientListError(where, faults)
    return columns, delimiter


class _Reading:
    """One pass over one list."""

    def __init__(
        self,
        templates: Mapping[str, Template],
        language: str,
        on_warning: Callable[[ListWarning], None],
    ) -> None:
        self.slots = shared_slots(templates.values())
        self._templates = templates
        self._language = language
        self._on_warning = on_warning
        self.columns = frozenset((ID_COLUMN, TEMPLATE_COLUMN, *self.slots))
        self._warned: set[str] = set()
        self._ids: set[bytes] = set()

    def entries(self, rows: Iterator[RawRow | RejectedRow]) -> Iterator[RecipientRow | RejectedRow]:
        for row in rows:
            if isinstance(row, RejectedRow):
                yield row
                continue
            if not self.columns.issuperset(row.cells):
                self.look_for_unread(row.number, row.cells)
            yield self._entry(row)

    def look_for_unread(self, number: int, columns: Iterable[str]) -> None:
        """Warn of columns that no template reads, each once and no more than a few."""
        for name in columns:
            known = name in self.columns or name in self._warned
            if not known and len(self._warned) < _MOST_WARNINGS:
                self._warned.add(name)
                detail = f"column {excerpt(name)} is read by no template"
                self._on_warning(ListWarning(number=number, code="unknown_column", detail=detail))

    def _entry(self, row: RawRow) -> RecipientRow | RejectedRow:
        recipient_id = row.cells.get(ID_COLUMN, "")
        fault = _id_fault(recipient_id)
        if fault:
            return _rejected(row, None, fault)
        # 8 of 32 bytes: among a million ids, two equal ones are a matter of 1 in 10^7.
        short = hashlib.sha256(recipient_id.encode()).digest()[:8]
        if short in self._ids:
            detail = "an earlier row has this id, and stands; ids must be unique in a list"
            return _rejected(row, recipient_id, ValueFault(code="duplicate_id", detail=detail))
        chosen = self._chosen(row)
        if isinstance(chosen, ValueFault):
            return _rejected(row, recipient_id, chosen)
        values = self._values(row, chosen)
        if isinstance(values, ValueFault):
            return _rejected(row, recipient_id, values)
        self._ids.add(short)
        names = tuple(chosen)
        spoken = {name: value.spoken for name, value in values.items()}
        return RecipientRow(
            number=row.number,
            recipient_id=recipient_id,
            templates=names,
            values=values,
            digest=digest_json([recipient_id, names, spoken]),
        )

    def _chosen(self, row: RawRow) -> Mapping[str, Template] | ValueFault:
        """Return the template that a row names, or all where it has no such column."""
        if TEMPLATE_COLUMN not in row.cells:
            return self._templates
        name = row.cells[TEMPLATE_COLUMN].strip()
        template = self._templates.get(name)
        if template is None:
            return ValueFault(
                code="unknown_template",
                detail=f"no template {excerpt(name)}; there are: {', '.join(self._templates)}",
            )
        return {name: template}

    def _values(
        self, row: RawRow, templates: Mapping[str, Template]
    ) -> dict[str, SlotValue] | ValueFault:
        """Return the values of the slots that these templates have; all faults are told at once."""
        values: dict[str, SlotValue] = {}
        faults: dict[str, ValueFault] = {}
        for template in templates.values():
            for name, slot in template.slots.items():
                if name in values or name in faults:
                    continue
                value = read_value(slot, row.cells.get(name, ""), language=self._language)
                if isinstance(value, ValueFault):
                    faults[name] = value
                else:
                    values[name] = value
        if not faults:
            return values
        return ValueFault(
            code=next(iter(faults.values())).code,
            detail="; ".join(f"{name}: {fault.detail}" for name, fault in faults.items()),
        )


def _id_fault(recipient_id: str) -> ValueFault | None:
    if not recipient_id.strip():
        return ValueFault(code="id_missing", detail=f"{ID_COLUMN} is empty; give each row its own")
    if len(recipient_id) > LONGEST_ID:
        detail = f"{len(recipient_id)} characters, at most {LONGEST_ID} are an id"
        return ValueFault(code="bad_id", detail=detail)
    hidden = find_unprintable(recipient_id)
    if hidden:
        detail = f"{describe_character(hidden)} does not print; ids stand in reports and addresses"
        return ValueFault(code="bad_id", detail=detail)
    if recipient_id != recipient_id.strip():
        detail = f"{excerpt(recipient_id)} has blanks around it; remove them"
        return ValueFault(code="bad_id", detail=detail)
    return None


def _rejected(row: RawRow, recipient_id: str | None, fault: ValueFault) -> RejectedRow:
    return RejectedRow(
        number=row.number, recipient_id=recipient_id, code=fault.code, detail=fault.detail
    )
