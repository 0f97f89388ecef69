"""Faults of the lines of a list: what is wrong in the same way is said once."""

from __future__ import annotations

from voxgate.excerpts import some_of

__all__ = ["LineFaults"]

_SHOWN = 5


class LineFaults:
    """Collects faults; equal ones become one message that names their lines."""

    def __init__(self) -> None:
        self._groups: dict[str, list[tuple[int, str]]] = {}

    def add(self, line: int, what: str, *, subject: str = "") -> None:
        """Note a fault; `subject` is what differs from line to line, such as a path."""
        self._groups.setdefault(what, []).append((line, subject))

    def __bool__(self) -> bool:
        return bool(self._groups)

    def messages(self) -> list[str]:
        """Return one message a kind, in the order of their first lines."""
        return [_message(what, found) for what, found in self._groups.items()]


def _message(what: str, found: list[tuple[int, str]]) -> str:
    subjects = [subject for _, subject in found[:_SHOWN] if subject]
    if len(found) == 1:
        return f"line {found[0][0]}: " + ": ".join([*subjects, what])
    lines = f"lines {some_of([str(line) for line, _ in found], _SHOWN)}"
    return f"{lines}: " + ": ".join([*([", ".join(subjects)] if subjects else []), what])
