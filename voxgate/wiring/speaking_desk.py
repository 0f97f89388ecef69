"""Put the speaking desk together: what reads the texts, what is kept where, which code speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

from voxgate.clock import utc_now
from voxgate.code_digest import code_digest
from voxgate.files import digest_json
from voxgate.serving.desk.cache import SentenceCache
from voxgate.serving.desk.desk import SpeakingDesk
from voxgate.serving.desk.files import SentenceFiles
from voxgate.serving.desk.reading import PackagedSentences, SentenceReader
from voxgate.serving.ports import SpeechPool

__all__ = ["CacheBounds", "build_speaking_desk", "open_sentence_cache", "speaking_code"]

_LOADING = "voxgate.wiring.served_voices"
_LOADING_ON_DEVICE = "voxgate.wiring.device_voices"
"""What a worker loads; everything that decides samples is in its import closure."""


@dataclass(frozen=True, kw_only=True)
class CacheBounds:
    """How much is kept, in bytes, and for how long."""

    memory_bytes: int = 256 << 20
    disk_bytes: int = 4 << 30
    time_to_live: timedelta = timedelta(hours=24)


def open_sentence_cache(
    folder: Path | None,
    *,
    bounds: CacheBounds,
    clock: Callable[[], datetime] = utc_now,
) -> SentenceCache:
    """Open the kept sentences of a folder that no other process uses; None keeps them in memory.

    Raises:
        StorageError: the folder cannot be made or read.
    """
    files = None if folder is None else SentenceFiles(folder, max_bytes=bounds.disk_bytes)
    kept = SentenceCache(
        files, max_bytes=bounds.memory_bytes, time_to_live=bounds.time_to_live, clock=clock
    )
    kept.sweep()
    return kept


def build_speaking_desk(
    pool: SpeechPool,
    cache: SentenceCache,
    *,
    read: SentenceReader | None = None,
    device: str | None = None,
) -> SpeakingDesk:
    """Return the desk of a pool; keep the cache for recalls, sweeps and counts.

    `read` is a reader that others use too, to have it warm; `device` is the kind of the pool's
    GPUs, None where processors speak.
    """
    reader = PackagedSentences() if read is None else read
    code = speaking_code() if device is None else speaking_code(_LOADING_ON_DEVICE)
    return SpeakingDesk(pool, read=reader, cache=cache, speaking_code=code, device=device)


@cache
def speaking_code(loading: str = _LOADING) -> str:
    """Return the digest of all code and data that a text becomes samples by.

    `loading` is the module that a worker loads voices with.

    The libraries that compute are in it by their versions, as kept sentences outlive an upgrade.
    """
    libraries = {name: version(name) for name in ("numpy", "torch")}
    return digest_json({"code": code_digest([loading]), "libraries": libraries})
