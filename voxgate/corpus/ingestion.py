"""From a manifest to prepared audio: one row a recording, nothing dropped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.decoding import DecodingBounds
from voxgate.audio.isolation import DECODER_FAILED
from voxgate.audio.preparation import PREPARATION_VERSION, PreparationTarget, PreparedAudio
from voxgate.audio.shards import Place
from voxgate.content_cache import ContentCache
from voxgate.corpus.consent import Consent
from voxgate.corpus.ingested_clips import Fault, IngestedClip, StoredAudio
from voxgate.corpus.manifest import Recording
from voxgate.corpus.paths import resolve_inside
from voxgate.errors import RecordingError, UnsafePathError
from voxgate.files import canonical_json, digest_bytes, digest_file, digest_json
from voxgate.params import IngestParams

__all__ = ["Ingested", "Prepare", "ingest_recordings", "preparation_target"]

Prepare = Callable[[Path, PreparationTarget], PreparedAudio]
"""`prepare_recording`, or the same in a process of its own (`PreparationWorker.prepare`)."""


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """One recording with its samples; `audio` is None exactly where `fault` is not."""

    recording: Recording
    source_sha256: str | None
    audio: PreparedAudio | None
    fault: Fault | None
    target: PreparationTarget

    @property
    def clip_id(self) -> str:
        """16 hex digits that name the recording, its file, and how that was prepared.

        Not the prepared samples: resampling and gain may end in another last bit on another kind of
        processor, and everything after goes by this id. A recording without audio has one as well,
        so that quarantine can name it.
        """
        preparation = _preparation_key(self.recording.path, self.source_sha256, self.target)
        return digest_json({"recording": self.recording.recording_id, **preparation})[:16]

    def stored(self, place: Place | None) -> IngestedClip:
        """Return the clip without its samples; `place` is where they went, None for a fault."""
        audio = self.audio
        return IngestedClip(
            clip_id=self.clip_id,
            recording=self.recording,
            source_sha256=self.source_sha256,
            audio=None if audio is None or place is None else _describe(audio, place),
            fault=self.fault,
        )


def preparation_target(params: IngestParams) -> PreparationTarget:
    """Say in the terms of `voxgate.audio` what the parameters ask for."""
    return PreparationTarget(
        sample_rate_hz=params.sample_rate_hz,
        loudness_lufs=params.loudness_lufs,
        max_gain_db=params.max_gain_db,
        peak_ceiling_dbfs=params.peak_ceiling_dbfs,
        bounds=DecodingBounds(
            max_duration_s=params.max_recording_s,
            min_sample_rate_hz=params.min_source_sample_rate_hz,
        ),
    )


def ingest_recordings(
    recordings: Sequence[Recording],
    data_dir: Path,
    *,
    consents: Mapping[str, Consent],
    target: PreparationTarget,
    prepare: Prepare,
    cache: ContentCache,
) -> Iterator[Ingested]:
    """Prepare each recording, in order; what cannot be used comes out with its fault."""

    def prepared(path: Path, digest: str) -> PreparedAudio:
        return _prepare(path, digest, target=target, prepare=prepare, cache=cache)

    for recording in recordings:
        yield _ingest(recording, data_dir, consents, target, prepared)


def _describe(audio: PreparedAudio, place: Place) -> StoredAudio:
    return StoredAudio(
        place=place,
        sample_rate_hz=audio.sample_rate_hz,
        sha256=digest_bytes(audio.pcm.tobytes()),
        source_sample_rate_hz=audio.source_sample_rate_hz,
        source_channels=audio.source_channels,
        source_duration_s=audio.source_duration_s,
        source_loudness_lufs=audio.source_loudness_lufs,
        clipped_fraction=audio.clipped_fraction,
        gain_db=audio.gain_db,
        actions=audio.actions,
    )


def _ingest(
    recording: Recording,
    data_dir: Path,
    consents: Mapping[str, Consent],
    target: PreparationTarget,
    prepared: Callable[[Path, str], PreparedAudio],
) -> Ingested:
    digest: str | None = None
    try:
        path = _admit(recording, data_dir, consents)
        digest = digest_file(path)
        audio = prepared(path, digest)
    except UnsafePathError as error:
        fault = Fault("unsafe_path", str(error))
    except RecordingError as error:
        fault = Fault(error.code, str(error))
    except OSError as error:
        fault = Fault(
            "unreadable",
            f"{recording.path}: the file cannot be read ({error.strerror}); check its permissions",
        )
    else:
        return Ingested(
            recording=recording, source_sha256=digest, audio=audio, fault=None, target=target
        )
    return Ingested(
        recording=recording, source_sha256=digest, audio=None, fault=fault, target=target
    )


def _admit(recording: Recording, data_dir: Path, consents: Mapping[str, Consent]) -> Path:
    if recording.speaker_id not in consents:
        raise RecordingError(
            "consent_missing",
            f"speaker {recording.speaker_id!r} has no record in consent.yaml; add one, or remove "
            "the speaker's recordings",
        )
    path = resolve_inside(data_dir, recording.path)
    if not path.is_file():
        raise RecordingError(
            "missing_file",
            f"expected a recording at {recording.path}, found none; add the file or remove its "
            "line from manifest.csv",
        )
    return path


def _prepare(
    path: Path, digest: str, *, target: PreparationTarget, prepare: Prepare, cache: ContentCache
) -> PreparedAudio:
    key = _preparation_key(path.name, digest, target)
    stored = cache.get_arrays(key)
    if stored is None:
        result = _try_prepare(prepare, path, target)
        stored = _pack(result)
        # How long a decoder took, or that it crashed, says as much of this machine as of the file.
        if not (isinstance(result, Fault) and result.code == DECODER_FAILED):
            cache.put_arrays(key, stored)
    return _unpack(stored)


def _preparation_key(
    path: str, source_sha256: str | None, target: PreparationTarget
) -> dict[str, object]:
    # The name is part of it: a suffix decides how a file without a header is read, and messages
    # quote the name.
    return {
        "version": PREPARATION_VERSION,
        "source_sha256": source_sha256,
        "name": PurePosixPath(path).name,
        "target": asdict(target),
    }


def _try_prepare(prepare: Prepare, path: Path, target: PreparationTarget) -> PreparedAudio | Fault:
    try:
        return prepare(path, target)
    except RecordingError as error:
        return Fault(error.code, str(error))


def _pack(result: PreparedAudio | Fault) -> dict[str, NDArray[Any]]:
    # Figures and samples in one file: a cached clip is complete or absent.
    figures = {name: value for name, value in vars(result).items() if name != "pcm"}
    pcm = result.pcm if isinstance(result, PreparedAudio) else np.zeros(0, dtype=np.int16)
    text = canonical_json(figures).encode()
    return {"pcm": pcm, "figures": np.frombuffer(text, dtype=np.uint8)}


def _unpack(stored: Mapping[str, NDArray[Any]]) -> PreparedAudio:
    figures = json.loads(stored["figures"].tobytes())
    if "code" in figures:
        raise RecordingError(figures["code"], figures["message"])
    figures["actions"] = tuple(figures["actions"])
    return PreparedAudio(pcm=stored["pcm"], **figures)
