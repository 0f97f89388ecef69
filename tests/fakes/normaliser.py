"""A normaliser that knows letter case and nothing else."""

from __future__ import annotations

from voxgate.wiring.evaluators import NamedNormaliser

__all__ = ["LOWER"]

LOWER = NamedNormaliser(name="lower", fingerprint="8" * 64, spell=str.lower)
