"""The stage graph: DVC says what is stale, runs one stage, and names what all were given."""

from __future__ import annotations

from voxgate.adapters.dvc.pipeline import data_used, read_recipe, reproduce, stale_stages

__all__ = ["data_used", "read_recipe", "reproduce", "stale_stages"]
