"""What somebody has to be told."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Alarm"]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A message for people: one line and its details.

    `key` names the occasion: the same key is the same alarm, told once. It travels in headers, so
    it is made of A-Z a-z 0-9 . _ - only.
    """

    key: str
    subject: str
    text: str
