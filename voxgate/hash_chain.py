"""Rows that are only ever appended, each sealed with the one before: is such a chain whole?

The digest covers the stored texts, so that no rendering of a number or of a time can differ between
the one who wrote a row and the one who checks it. The release ledger, the speakers' register and
the audit of speech are such chains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from voxgate.files import canonical_json, digest_json

__all__ = [
    "GENESIS",
    "MAX_SKEW",
    "Finding",
    "Link",
    "Sealed",
    "Stamped",
    "clock_behind",
    "find_breaks",
    "is_head",
    "name_head",
    "place_after",
    "sealed",
    "time_text",
]

GENESIS = "0" * 64
"""What the first row names as the digest before it."""

MAX_SKEW = timedelta(minutes=1)
"""Clocks of two machines may differ by this much; a clock that is further behind is wrong."""

_DIGEST_LENGTH = 64


class Link(Protocol):
    """A row of a chain; sequences count from 1 without a gap."""

    @property
    def sequence(self) -> int:
        """Its place."""
        ...

    @property
    def previous(self) -> str:
        """The digest of the row before it; `GENESIS` for the first."""
        ...

    @property
    def digest(self) -> str:
        """The digest that was stored."""
        ...

    def expected_digest(self) -> str:
        """Return the digest that belongs to this content at this place."""
        ...


class Stamped(Link, Protocol):
    """A row that says when it was appended."""

    @property
    def at(self) -> str:
        """When, as `time_text` writes it."""
        ...


class Sealed:
    """Makes a frozen dataclass a link: its digest is over its other fields, in their order."""

    digest: str

    def expected_digest(self) -> str:
        """Return the digest that belongs to this content at this place."""
        return digest_json([value for name, value in vars(self).items() if name != "digest"])


Row = TypeVar("Row", bound=Sealed)


def sealed(row: Row) -> Row:
    """Return the row with the digest that belongs to it."""
    return replace(row, digest=row.expected_digest())  # type: ignore[type-var]  # a dataclass


def time_text(time: datetime) -> str:
    """Return a time as rows have it: UTC, in a form that sorts as times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def clock_behind(at: datetime, last: str | None) -> timedelta:
    """Return how far `at` lies before the time of a chain's last row; 0 where it does not."""
    return max(timedelta(0), timedelta(0) if last is None else datetime.fromisoformat(last) - at)


def place_after(
    after: Stamped | None, facts: Mapping[str, Any], *, at: datetime, behind: timedelta
) -> dict[str, Any]:
    """Return the fields by which a row follows `after`, to be sealed with the row's own.

    Times never run back: a clock that is `behind` takes the time of the row before, and the facts
    say so.
    """
    if behind:
        facts = {**facts, "clock_behind_s": round(behind.total_seconds(), 6)}
    return {
        "sequence": 1 if after is None else after.sequence + 1,
        "at": time_text(at + behind),
        "facts": canonical_json(dict(facts)),
        "previous": GENESIS if after is None else after.digest,
        "digest": "",
    }


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something in a chain that was not appended there. `sequence` is where it shows."""

    sequence: int
    code: str
    message: str


def find_breaks(rows: Sequence[Link], heads: Iterable[str] = ()) -> list[Finding]:
    """Return every row that is altered, missing or moved, and every head that is not there.

    A chain cannot miss its own end: rows that were cut off at the tail, or a chain that was
    rewritten as a whole, show only against a head (`sequence:digest`) that is remembered outside.
    """
    return [*_broken_links(rows), *_against_heads(rows, heads)]


def name_head(sequence: int, digest: str) -> str:
    """Name a chain up to a row of it."""
    return f"{sequence}:{digest}"


def is_head(text: str) -> bool:
    """Tell whether a text names a head, `SEQUENCE:SHA256`."""
    number, _, digest = text.partition(":")
    return number.isascii() and number.isdigit() and len(digest) == _DIGEST_LENGTH


def _broken_links(rows: Sequence[Link]) -> Iterator[Finding]:
    previous, expected = GENESIS, 1
    for row in rows:
        if row.sequence != expected:
            yield _finding(row, "missing", f"event {expected} is not there")
        elif row.previous != previous:
            yield _finding(row, "broken_link", "it does not follow the event that stands before it")
        if row.expected_digest() != row.digest:
            yield _finding(row, "altered", "its content does not match its digest")
        previous, expected = row.digest, row.sequence + 1


def _against_heads(rows: Sequence[Link], heads: Iterable[str]) -> Iterator[Finding]:
    digests = {row.sequence: row.digest for row in rows}
    for head in heads:
        number, _, digest = head.partition(":")
        sequence = int(number) if number.isdigit() else 0
        if sequence not in digests:
            text = f"event {sequence} was remembered outside; the chain ends at {len(rows)}"
            yield Finding(sequence=sequence, code="truncated", message=text)
        elif digests[sequence] != digest:
            text = f"event {sequence} was remembered outside with another digest"
            yield Finding(sequence=sequence, code="rewritten", message=text)


def _finding(row: Link, code: str, what: str) -> Finding:
    return Finding(sequence=row.sequence, code=code, message=f"event {row.sequence}: {what}")
