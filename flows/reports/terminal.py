"""Lines on the terminal: what others wrote (names, reasons, paths) is shown as it is."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

__all__ = ["open_console", "say"]


def open_console() -> Console:
    """Return the terminal; long lines are left to it."""
    return Console(highlight=False, soft_wrap=True)


def say(out: Console, *parts: str | tuple[str, str]) -> None:
    """Print one line of words and (words, style); brackets in them are no markup."""
    out.print(Text.assemble(*parts))
