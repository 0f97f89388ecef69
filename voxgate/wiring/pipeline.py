"""The stage graph: DVC says what is stale, runs one stage, and names the candidate."""

from __future__ import annotations

from voxgate.adapters.dvc.pipeline import candidate_digest, reproduce, stale_stages

__all__ = ["candidate_digest", "reproduce", "stale_stages"]
