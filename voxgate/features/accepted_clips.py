"""What `validate` lets through, with the audio that `ingest` prepared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.audio.resampling import resample
from voxgate.audio.shards import Pcm16, ShardReader, from_pcm16
from voxgate.corpus.validated_clips import ValidatedClip, read_validated
from voxgate.features.clip_features import AcceptedClip
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["AcceptedClips", "read_accepted_clips"]


@dataclass(frozen=True)
class AcceptedClips:
    """The clips, sorted by recording_id, and where their audio lies."""

    clips: tuple[AcceptedClip, ...]
    _shards: ShardReader

    def read_pcm16(self, clip: AcceptedClip) -> Pcm16:
        """Return the trimmed audio as int16."""
        return self._shards.read_pcm16(clip.place)

    def read_wave(self, clip: AcceptedClip) -> Wave:
        """Return the trimmed audio as float32."""
        return from_pcm16(self.read_pcm16(clip))

    def read_heard(self, clip: AcceptedClip) -> Wave:
        """Return the trimmed audio at the 16 kHz that the frozen extractors hear."""
        return resample(self.read_wave(clip), clip.sample_rate_hz, HEARING_RATE_HZ)


def read_accepted_clips(validate_dir: Path, ingest_dir: Path) -> AcceptedClips:
    """Read the accepted and fixed rows of `build/validate/clips.parquet`."""
    clips = [_accept(clip) for clip in read_validated(validate_dir) if clip.usable]
    clips.sort(key=lambda clip: clip.recording_id)
    return AcceptedClips(clips=tuple(clips), _shards=ShardReader(ingest_dir / "audio"))


def _accept(clip: ValidatedClip) -> AcceptedClip:
    recording, audio, figures = clip.ingested.recording, clip.ingested.audio, clip.figures
    # What validate lets through has audio, and was measured and listened to.
    assert audio is not None
    assert figures.snr_db is not None
    assert figures.alignment_log_probability is not None
    return AcceptedClip(
        clip_id=clip.ingested.clip_id,
        recording_id=recording.recording_id,
        speaker_id=recording.speaker_id,
        language=recording.language,
        text=clip.train_text,
        audio_sha256=audio.sha256,
        sample_rate_hz=audio.sample_rate_hz,
        trim_start=clip.trim_start,
        trim_end=clip.trim_end,
        place=audio.place.part(clip.trim_start, clip.trim_end),
        duration_s=(clip.trim_end - clip.trim_start) / audio.sample_rate_hz,
        snr_db=figures.snr_db,
        alignment_log_probability=figures.alignment_log_probability,
    )
