"""Measure the sound of a version's recordings, once for each content."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxgate.code_digest import code_digest
from voxgate.content_cache import ContentCache
from voxgate.errors import RecordingError
from voxgate.types import HEARING_RATE_HZ

if TYPE_CHECKING:  # libraries of sound take a while, and most of the time nothing is listened to
    from voxgate.audio.preparation import PreparedAudio
    from voxgate.corpus.manifest import Recording
    from voxgate.params import IngestParams
    from voxgate.wiring.checkout import Checkout
    from voxgate.wiring.data_exchange import DataVersion

__all__ = ["Sound", "SoundFigures"]

SoundFigures = Mapping[str, float]
"""SNR, pitch and duration of a recording; empty where it cannot be used."""

_HOP_S = 0.010
_SHORTEST_S = 0.05
_CODE = ("voxgate.corpus.validation.quality", "voxgate.evaluation.sound.pitch")


@dataclass(frozen=True, kw_only=True)
class Sound:
    """Tells how recordings sound; what was heard once is kept by the content of its file."""

    cache: ContentCache
    params: IngestParams
    told: dict[str, SoundFigures | None] = field(default_factory=dict)

    @staticmethod
    def open(checkout: Checkout) -> Sound:
        """Open what this checkout has heard."""
        cache = ContentCache(checkout.workspace.cache_dir, "data-sound")
        return Sound(cache=cache, params=checkout.params.ingest)

    def hear(
        self, version: DataVersion, recordings: Iterable[Recording], *, measure: bool
    ) -> dict[str, SoundFigures]:
        """Return the figures by recording_id, of those that are known.

        With `measure`, what is not kept yet is decoded and measured; a recording that cannot be
        used has no figures.
        """
        if not measure and not (self.cache.folder / self.cache.namespace).is_dir():
            return {}
        rules = self._rules()
        known: dict[str, SoundFigures] = {}
        unheard = []
        for recording in recordings:
            kept = self._recall(rules, version.digest_of(recording))
            if kept is None:
                unheard.append(recording)
            else:
                known[recording.recording_id] = kept
        if measure and unheard:
            for recording, figures in _measure(version, unheard, self.params):
                md5 = version.digest_of(recording)
                self.cache.put_json({**rules, "md5": md5}, figures)
                known[recording.recording_id] = self.told[str(md5)] = figures
        return known

    def _recall(self, rules: Mapping[str, Any], md5: str | None) -> SoundFigures | None:
        if md5 is not None and md5 not in self.told:
            self.told[md5] = self.cache.get_json({**rules, "md5": md5})
        return None if md5 is None else self.told[md5]

    def _rules(self) -> dict[str, Any]:
        from voxgate.audio.preparation import PREPARATION_VERSION

        return {
            "ingest": self.params.model_dump(mode="json"),
            "preparation": PREPARATION_VERSION,
            "code": code_digest(_CODE),
        }


def _measure(
    version: DataVersion, recordings: Iterable[Recording], params: IngestParams
) -> Iterable[tuple[Recording, dict[str, float]]]:
    from voxgate.audio.isolation import PreparationWorker
    from voxgate.corpus.ingestion import preparation_target

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
    import numpy as np

    from voxgate.audio.shards import from_pcm16
    from voxgate.corpus.validation.quality import measure_signal
    from voxgate.evaluation.sound.pitch import track_pitch

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
