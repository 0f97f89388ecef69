"""What somebody has to be told."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Alarm"]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A message for people. `key` names the occasion: the same key is the same alarm, told once."""

    key: str
    subject: str
    text: str
