"""Limits of a judgement against those that the last approved version was judged under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxgate.gate.limits import loosened
from voxgate.release.book import Book

__all__ = ["last_approved", "loosened_since"]


def last_approved(book: Book) -> int | None:
    """Return the version that was released last, also where it is not live any more."""
    return book.lives[-1] if book.lives else None


def loosened_since(book: Book, limits: Mapping[str, Any]) -> tuple[str, ...]:
    """Say which limits are looser than those that the last approved version was judged under.

    Nothing before the first release: that needs a person anyway. Where the ledger does not know
    the limits of then, that is what is said.
    """
    version = last_approved(book)
    if version is None:
        return ()
    judgement = book.require(version).judgement
    if judgement is None or judgement.limits is None:
        return (f"the limits that version {version} was judged under are not in the ledger",)
    return loosened(judgement.limits, limits)
