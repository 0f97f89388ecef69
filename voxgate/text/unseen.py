"""Characters that nobody sees in a text and nobody can read: refused in every language."""

from __future__ import annotations

import re

from voxgate.errors import TextError

__all__ = ["refuse_unseen"]

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters but line ends and tabs
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # marks of writing direction
    "\ue000-\uf8ff\U000f0000-\U0010fffd]"  # private use: what it means is between two programs
)


def refuse_unseen(text: str) -> None:
    """Pass a text whose characters all can be seen, or are blanks.

    Raises:
        TextError: one cannot; names it, its place and what to do.
    """
    found = _UNSEEN.search(text)
    if found is not None:
        raise TextError(
            f"U+{ord(found.group()):04X} at character {found.start() + 1} is a control character, "
            "a mark of writing direction or of private use, and cannot be read; remove it, or "
            "write what it stands for"
        )
