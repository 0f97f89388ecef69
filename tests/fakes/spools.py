"""Spooling without a process of its own, which costs a test a second."""

from __future__ import annotations

from pathlib import Path

from voxgate.audio.spool import Spool, SpoolFacts, open_spool
from voxgate.audio.spooling import write_samples
from voxgate.files import digest_file, publish_directory

__all__ = ["spool_here"]


def spool_here(path: Path, folder: Path, *, min_sample_rate_hz: int, told: object = None) -> Spool:
    """Do what `spool_recording` does, in this process; what is there already is taken."""
    known = open_spool(folder)
    if known is not None:
        return known
    with publish_directory(folder) as temporary:
        spooled = write_samples(
            path, temporary, min_sample_rate_hz=min_sample_rate_hz, tell=lambda _: None
        )
        facts = SpoolFacts(name=path.name, source_sha256=digest_file(path), **vars(spooled))
    return Spool(folder, facts)
