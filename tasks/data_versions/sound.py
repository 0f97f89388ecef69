"""Measure the sound of a version's recordings, once for each content."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from voxgate.audio.isolation import PreparationWorker
from voxgate.audio.preparation import PREPARATION_VERSION, PreparedAudio
from voxgate.audio.shards import from_pcm16
from voxgate.code_digest import code_digest
from voxgate.content_cache import ContentCache
from voxgate.corpus.ingestion import preparation_target
from voxgate.corpus.manifest import Recording
from voxgate.corpus.validation.quality import measure_signal
from voxgate.errors import RecordingError
from voxgate.evaluation.sound.pitch import track_pitch
from voxgate.params import IngestParams
from voxgate.types import HEARING_RATE_HZ
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.data_exchange import DataVersion

__all__ = ["hear_version"]

_HOP_S = 0.010
_SHORTEST_S = 0.05
_CODE = ("voxgate.corpus.validation.quality", "voxgate.evaluation.sound.pitch")


def hear_version(
    checkout: Checkout,
    version: DataVersion,
    recordings: Iterable[Recording],
    *,
    measure: bool,
) -> dict[str, Mapping[str, float]]:
    """Return SNR, pitch and duration by recording_id, of those that are known.

    With `measure`, what is not kept yet is decoded and measured; a recording that cannot be used
    has no figures.
    """
    ingest = checkout.params.ingest
    cache = ContentCache(checkout.workspace.cache_dir, "data-sound")
    rules = {
        "ingest": ingest.model_dump(mode="json"),
        "preparation": PREPARATION_VERSION,
        "code": code_digest(_CODE),
    }
    known: dict[str, Mapping[str, float]] = {}
    unheard = []
    for recording in recordings:
        kept = cache.get_json({**rules, "md5": version.digest_of(recording)})
        if kept is None:
            unheard.append(recording)
        else:
            known[recording.recording_id] = kept
    if measure and unheard:
        for recording, figures in _measure(version, unheard, ingest):
            cache.put_json({**rules, "md5": version.digest_of(recording)}, figures)
            known[recording.recording_id] = figures
    return known


def _measure(
    version: DataVersion, recordings: Iterable[Recording], params: IngestParams
) -> Iterable[tuple[Recording, dict[str, float]]]:
    target = preparation_target(params)
    with tempfile.TemporaryDirectory() as folder, PreparationWorker() as worker:
        for recording, path in version.files(recordings):
            # A reader is chosen by the suffix, and DVC's cache has none.
            link = Path(folder) / f"recording{Path(recording.path).suffix}"
            link.symlink_to(path)
            try:
                yield recording, _figures(worker.prepare(link, target))
            except RecordingError:
                yield recording, {}
            finally:
                link.unlink()


def _figures(audio: PreparedAudio) -> dict[str, float]:
    wave = from_pcm16(audio.pcm)
    seconds = len(wave) / audio.sample_rate_hz
    if seconds < _SHORTEST_S:
        return {"duration_s": seconds}
    found = {
        "duration_s": seconds,
        "snr_db": round(measure_signal(wave, audio.sample_rate_hz).snr_db, 4),
    }
    if audio.sample_rate_hz == HEARING_RATE_HZ:
        pitch = track_pitch(wave, int(seconds / _HOP_S))
        if pitch.voiced.any():
            found["pitch_hz"] = round(float(np.median(pitch.f0_hz[pitch.voiced])), 2)
    return found
