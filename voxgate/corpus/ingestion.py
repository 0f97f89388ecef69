"""From a manifest to prepared audio: one row a recording, nothing dropped."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voxgate.audio.decoding import DecodingBounds
from voxgate.audio.preparation import PreparationTarget, PreparedAudio
from voxgate.audio.shards import Place
from voxgate.corpus.consent import Consent
from voxgate.corpus.ingested_clips import Fault, IngestedClip, StoredAudio
from voxgate.corpus.manifest import Recording
from voxgate.corpus.paths import resolve_inside
from voxgate.corpus.prepared_recordings import (
    Prepared,
    PreparingRecordings,
    preparation_key,
    unreadable,
)
from voxgate.errors import UnsafePathError, WorkerDiedError
from voxgate.executors import Executor, Failed
from voxgate.files import digest_bytes, digest_json
from voxgate.params import IngestParams

__all__ = ["Ingested", "ingest_recordings", "preparation_target"]

_CHUNK = 8
"""Recordings in one message to a worker: most take milliseconds."""


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
        preparation = preparation_key(self.recording.path, self.source_sha256, self.target)
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
    work: PreparingRecordings,
    *,
    consents: Mapping[str, Consent],
    executor: Executor,
) -> Generator[Ingested]:
    """Prepare each recording, in order; what cannot be used comes out with its fault.

    Raises:
        StageError: a worker does not see a recording, cannot start its decoder, or died of it.
        StorageError: the cache cannot be written.
    """
    refused = [_refuse(recording, work.data_dir, consents) for recording in recordings]
    admitted = (r.path for r, fault in zip(recordings, refused, strict=True) if fault is None)
    answers = executor.map_ordered(work, admitted, chunk=_CHUNK)
    for recording, fault in zip(recordings, refused, strict=True):
        if fault is None:
            found = _value(next(answers), recording)
        else:
            found = Prepared(source_sha256=None, result=fault)
        audio = found.result if isinstance(found.result, PreparedAudio) else None
        yield Ingested(
            recording=recording,
            source_sha256=found.source_sha256,
            audio=audio,
            fault=found.result if isinstance(found.result, Fault) else None,
            target=work.target,
        )


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


def _refuse(recording: Recording, data_dir: Path, consents: Mapping[str, Consent]) -> Fault | None:
    """Return why a recording may not be read at all, or is not there."""
    if recording.speaker_id not in consents:
        return Fault(
            "consent_missing",
            f"speaker {recording.speaker_id!r} has no record in consent.yaml; add one, or remove "
            "the speaker's recordings",
        )
    try:
        if resolve_inside(data_dir, recording.path).is_file():
            return None
    except UnsafePathError as error:
        return Fault("unsafe_path", str(error))
    except OSError as error:
        return unreadable(recording.path, error)
    return Fault(
        "missing_file",
        f"expected a recording at {recording.path}, found none; add the file or remove its line "
        "from manifest.csv",
    )


def _value(answer: Prepared | Failed, recording: Recording) -> Prepared:
    if not isinstance(answer, Failed):
        return answer
    if isinstance(answer.error, WorkerDiedError):  # nobody else knows which item it was
        raise WorkerDiedError(f"{recording.path}: {answer.error}")
    raise answer.error
