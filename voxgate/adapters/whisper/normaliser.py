"""Whisper's English text normaliser, which error rates are computed after."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["load_normaliser"]


def load_normaliser() -> Callable[[str], str]:
    """Return the normaliser of the installed openai-whisper; it spells words as its paper does."""
    from whisper.normalizers import EnglishTextNormalizer

    normaliser: Callable[[str], str] = EnglishTextNormalizer()
    return normaliser
