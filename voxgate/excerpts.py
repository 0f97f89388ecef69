"""Show values in a message: one line, bounded, nothing invisible."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["excerpt", "some_of"]

_LENGTH = 60


def excerpt(value: object, length: int = _LENGTH) -> str:
    """Return `repr(value)` cut to `length` characters; invisible characters appear as escapes."""
    try:
        # A text is cut before it is quoted: it may be as long as a file.
        shown = repr(value[: length + 1] if isinstance(value, str) else value)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} too large to show"
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"


def some_of(names: Sequence[str], shown: int) -> str:
    """Return the first `shown` names, and how many more there are.

    >>> some_of(["ada", "ben", "cid"], 2)
    'ada, ben and 1 more'
    """
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return f"{', '.join(names[:shown])}{more}"
