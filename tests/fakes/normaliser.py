"""Normalisers: one that knows letter case and nothing else, and one that counts syllables."""

from __future__ import annotations

from tests.fakes.units import fake_comparison
from voxgate.wiring.evaluators import NamedNormaliser

__all__ = ["LOWER", "SYLLABLES"]

LOWER = NamedNormaliser(name="lower", fingerprint="8" * 64, spell=str.lower)

_COMPARED = fake_comparison()

SYLLABLES = NamedNormaliser(
    name="syllables",
    fingerprint="5" * 64,
    spell=lambda text: _COMPARED(text).sounds,
    unit="syllable",
    write=lambda text: _COMPARED(text).written,
    strip_tones=lambda text: _COMPARED(text).toneless,
    find_languages=lambda text: _COMPARED(text).languages,
)
