"""Is the ledger whole? Nothing is decided on one that is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voxgate.errors import LedgerTamperedError
from voxgate.hash_chain import find_breaks
from voxgate.release.events import Row

__all__ = ["require_whole"]


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
