"""The stage graph: DVC says what is stale, runs one stage, and names what all were given."""

from __future__ import annotations

from voxgate.adapters.dvc.pipeline import read_recipe, reproduce, stale_stages

__all__ = ["read_recipe", "reproduce", "stale_stages"]
