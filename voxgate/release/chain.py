"""Is the ledger whole? Each row is sealed with the one before it, and heads are noted elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from voxgate.errors import LedgerTamperedError
from voxgate.release.events import GENESIS, Row

__all__ = ["Finding", "find_breaks", "is_head", "require_whole"]

_DIGEST_LENGTH = 64


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something in the ledger that was not appended there. `sequence` is where it shows."""

    sequence: int
    code: str
    message: str


def find_breaks(rows: Sequence[Row], heads: Iterable[str] = ()) -> list[Finding]:
    """Return every row that is altered, missing or moved, and every head that is not there.

    A chain cannot miss its own end: rows that were cut off at the tail, or a chain that was
    rewritten as a whole, show only against a head (`sequence:digest`) that is remembered outside.
    """
    return [*_broken_links(rows), *_against_heads(rows, heads)]


def require_whole(rows: Sequence[Row], heads: Iterable[str] = ()) -> None:
    """Stop unless the chain is as it was appended, up to every remembered head.

    Raises:
        LedgerTamperedError: it is not; nothing may be decided on it.
    """
    findings = find_breaks(rows, heads)
    if findings:
        raise LedgerTamperedError(
            f"{findings[0].message}: the ledger was altered, cut off, restored from an old backup, "
            "or it is another one than before. Nothing is decided on it: check "
            "VOXGATE_LEDGER_URL, run `voxgate audit verify`, restore the ledger from a backup. "
            "`voxgate quarantine` works nevertheless."
        )


def is_head(text: str) -> bool:
    """Tell whether a text names a head, `SEQUENCE:SHA256`."""
    number, _, digest = text.partition(":")
    return number.isascii() and number.isdigit() and len(digest) == _DIGEST_LENGTH


def _broken_links(rows: Sequence[Row]) -> Iterator[Finding]:
    previous, expected = GENESIS, 1
    for row in rows:
        if row.sequence != expected:
            yield _finding(row, "missing", f"event {expected} is not there")
        elif row.previous != previous:
            yield _finding(row, "broken_link", "it does not follow the event that stands before it")
        if row.expected_digest() != row.digest:
            yield _finding(row, "altered", "its content does not match its digest")
        previous, expected = row.digest, row.sequence + 1


def _against_heads(rows: Sequence[Row], heads: Iterable[str]) -> Iterator[Finding]:
    digests = {row.sequence: row.digest for row in rows}
    for head in heads:
        number, _, digest = head.partition(":")
        sequence = int(number) if number.isdigit() else 0
        if sequence not in digests:
            text = f"event {sequence} was remembered outside; the ledger ends at {len(rows)}"
            yield Finding(sequence=sequence, code="truncated", message=text)
        elif digests[sequence] != digest:
            text = f"event {sequence} was remembered outside with another digest"
            yield Finding(sequence=sequence, code="rewritten", message=text)


def _finding(row: Row, code: str, what: str) -> Finding:
    return Finding(sequence=row.sequence, code=code, message=f"event {row.sequence}: {what}")
