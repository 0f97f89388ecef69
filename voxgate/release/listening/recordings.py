"""The recordings that a version was judged by, from the registry, and how they are played."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from voxgate.audio.loudness import measure_loudness
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.errors import EvidenceChangedError, EvidenceMissingError
from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.records import audio_name
from voxgate.files import digest_bytes
from voxgate.release.ports.registry import Registry
from voxgate.release.records import Release
from voxgate.types import HEARING_RATE_HZ

__all__ = ["LISTENING_LUFS", "Recordings", "level_gains", "open_recordings", "to_wav"]

LISTENING_LUFS = -23.0
"""Loudness of the prepared training clips (EBU R 128), hence of most of what is heard here."""

CEILING_DBFS = -1.0
_SHOWN = 3

Pcm = NDArray[np.int16]


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """The stored samples of one version. `rows` are its measurements by prompt and seed."""

    version: int
    rows: Mapping[tuple[str, int], ItemScore]
    registry: Registry
    run_id: str
    folder: Path

    def fetch(self, prompt_id: str, seed_index: int) -> Pcm:
        """Return a sample, (T,) int16 at 16 kHz, from the cache or else from the registry.

        Raises:
            EvidenceChangedError: it is not the one that was measured.
            ExternalServiceError: it cannot be fetched.
        """
        row = self.rows[prompt_id, seed_index]
        name = audio_name(prompt_id, seed_index)
        path = self.folder / name
        cached = _decoded(path) if path.is_file() else None
        if cached is not None and _digest(cached) == row.audio_sha256:
            return cached
        path.unlink(missing_ok=True)
        pcm = _decoded(self.registry.fetch(self.run_id, f"audio/{name}", self.folder))
        if pcm is None or _digest(pcm) != row.audio_sha256:
            raise EvidenceChangedError(
                f"version {self.version}: audio/{name} (run {self.run_id}) is not the recording "
                "that was measured: it was altered. Restore the artifact store."
            )
        return pcm


def open_recordings(
    registry: Registry, release: Release, evidence: Evidence, folder: Path
) -> Recordings:
    """Find the samples of a version that were measured; none is fetched yet.

    Raises:
        EvidenceMissingError: one of them is not stored.
        ExternalServiceError: the registry cannot be reached.
    """
    parent = release.parent_run_id
    run_id = None if parent is None else registry.find_nested_run(parent, "evaluate")
    if run_id is None:
        raise EvidenceMissingError(
            f"version {release.version}: run {parent} has no evaluation in the registry, so there "
            "is nothing to hear. `voxgate run` at the commit that it came from writes it again."
        )
    rows = {row.item: row for row in evidence.rows if row.fault is None}
    missing = sorted({audio_name(*item) for item in rows} - registry.list_files(run_id, "audio"))
    if missing:
        raise EvidenceMissingError(
            f"version {release.version}: {len(missing)} of {len(rows)} recordings are not in the "
            f"registry (run {run_id}, audio/): {', '.join(missing[:_SHOWN])}, … Restore the "
            "artifact store; what was measured cannot be heard without them."
        )
    return Recordings(
        version=release.version, rows=rows, registry=registry, run_id=run_id, folder=folder
    )


def level_gains(recordings: Sequence[Pcm]) -> list[float]:
    """Return gains in dB that make recordings equally loud, at `LISTENING_LUFS` or below.

    The louder of two is preferred whatever it says. All of them are lowered together where one
    would pass the ceiling; silence is left as it is.
    """
    waves = [from_pcm16(pcm) for pcm in recordings]
    levels = [measure_loudness(wave, HEARING_RATE_HZ).lufs for wave in waves]
    peaks = [20.0 * float(np.log10(max(np.abs(w).max(initial=0.0), 1e-9))) for w in waves]
    reachable = [
        lufs + CEILING_DBFS - peak
        for lufs, peak in zip(levels, peaks, strict=True)
        if lufs is not None
    ]
    target = min([LISTENING_LUFS, *reachable])
    return [0.0 if lufs is None else round(target - lufs, 2) for lufs in levels]


def to_wav(pcm: Pcm, *, gain_db: float) -> bytes:
    """Return a WAV file of a sample at another level; nothing in it names the sample."""
    wave = from_pcm16(pcm) * np.float32(10.0 ** (gain_db / 20.0))
    stream = io.BytesIO()
    soundfile.write(stream, to_pcm16(wave), HEARING_RATE_HZ, format="WAV", subtype="PCM_16")
    return stream.getvalue()


def _decoded(path: Path) -> Pcm | None:
    try:
        pcm, rate_hz = soundfile.read(path, dtype="int16")
    except soundfile.LibsndfileError:
        return None
    return pcm if rate_hz == HEARING_RATE_HZ and pcm.ndim == 1 else None


def _digest(pcm: Pcm) -> str:
    return digest_bytes(pcm.tobytes())
