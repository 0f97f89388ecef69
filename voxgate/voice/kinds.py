"""The kinds of voice packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["REPLAY", "TRAINED", "voice_kind"]

TRAINED = "trained"
REPLAY = "replay"


def voice_kind(card: Mapping[str, Any]) -> str:
    """Return the kind that a voice's card states; a card that states none is of a trained voice."""
    return str(card.get("kind", TRAINED))
