"""The languages that Whisper was trained to tell apart and to write down."""

from __future__ import annotations

from whisper.tokenizer import LANGUAGES

__all__ = ["HEARD_LANGUAGES"]

HEARD_LANGUAGES = frozenset(LANGUAGES)
"""ISO 639 codes."""
