"""Where single results are kept, so that a crash or a second run pays for nothing twice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.content_cache import ContentCache

__all__ = ["Caches", "open_caches"]


@dataclass(frozen=True, kw_only=True)
class Caches:
    """One cache a kind of result; the keys hold everything that the result depends on."""

    speech: ContentCache
    transcripts: ContentCache
    vectors: ContentCache


def open_caches(folder: Path, *, voice_code: str, instrument_code: str) -> Caches:
    """Name the caches under `folder`; results of other code are kept apart, by its digest."""
    return Caches(
        speech=ContentCache(folder, f"evaluate-speech-{voice_code[:16]}"),
        transcripts=ContentCache(folder, f"evaluate-transcripts-{instrument_code[:16]}"),
        vectors=ContentCache(folder, f"evaluate-vectors-{instrument_code[:16]}"),
    )
