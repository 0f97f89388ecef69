"""What a chain is held against when it is verified: heads from outside its database, by where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from voxgate.anchor import Anchor
from voxgate.errors import ConfigError, LedgerTamperedError
from voxgate.hash_chain import Finding, Link, find_breaks, is_head, name_head

__all__ = ["heads_outside", "verify_chain"]

Row = TypeVar("Row", bound=Link)


def heads_outside(given: str | None, anchor: Anchor) -> dict[str, str]:
    """Return the head that a person remembers, if any, and the one that this checkout noted.

    Raises:
        ConfigError: `given` is not SEQUENCE:SHA256.
    """
    if given is not None and not is_head(given):
        raise ConfigError("--head", [f"expected SEQUENCE:SHA256, got {given!r}"])
    found = {} if given is None else {"the given head": given}
    for noted in anchor.heads():
        found["this checkout's head"] = noted
    return found


def verify_chain(
    rows: Callable[[], Sequence[Row]],
    check: Callable[[Sequence[Row]], object],
    *,
    head: str | None,
    anchor: Anchor,
) -> dict[str, Any]:
    """Check every row of a chain, and the chain against the heads that are remembered outside.

    Those are `head`, and the last one that this checkout saw. Where the chain is whole, `check`
    raises LedgerTamperedError if what it says is not allowed.

    Raises:
        ConfigError: `head` is not SEQUENCE:SHA256.
    """
    heads = heads_outside(head, anchor)  # before the rows: whoever appends notes a newer one
    found = rows()
    findings = find_breaks(found, heads.values()) or _breaches(found, check)
    return {
        "events": len(found),
        "head": name_head(found[-1].sequence, found[-1].digest) if found else None,
        "compared_with": list(heads),
        "findings": [vars(finding) for finding in findings],
    }


def _breaches(rows: Sequence[Row], check: Callable[[Sequence[Row]], object]) -> list[Finding]:
    try:
        check(rows)
    except LedgerTamperedError as error:
        return [Finding(sequence=len(rows), code="not_allowed", message=str(error))]
    return []
