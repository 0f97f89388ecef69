"""Show a value of somebody else's in a message: one line, bounded, nothing invisible."""

from __future__ import annotations

__all__ = ["excerpt"]

_LENGTH = 60


def excerpt(value: object, length: int = _LENGTH) -> str:
    """Return `repr(value)` cut to `length` characters; invisible characters appear as escapes."""
    try:
        # A text is cut before it is quoted: it may be as long as a file.
        shown = repr(value[: length + 1] if isinstance(value, str) else value)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} too large to show"
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"
