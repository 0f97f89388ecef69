"""Clips at each station of their journey, with everything filled in that a test does not name."""

from __future__ import annotations

from typing import Any

from voxgate.audio.shards import Place
from voxgate.corpus.ingested_clips import IngestedClip, StoredAudio
from voxgate.corpus.manifest import Recording
from voxgate.features.featurised_clips import CutClip, FeaturisedClip

RATE = 16_000


def ingested_clip(
    recording_id: str,
    *,
    place: Place,
    text: str = "words",
    speaker_id: str = "ada",
    language: str = "en",
    sha256: str = "a" * 64,
    sample_rate_hz: int = RATE,
    clip_id: str = "0" * 16,
    **audio: Any,
) -> IngestedClip:
    """Return a clip that ingest could read; `audio` changes what it says of the samples."""
    duration_s = place.n_samples / sample_rate_hz
    traits: dict[str, Any] = {
        "source_sample_rate_hz": sample_rate_hz,
        "source_channels": 1,
        "source_duration_s": duration_s,
        "source_loudness_lufs": -23.0,
        "clipped_fraction": 0.0,
        "gain_db": 0.0,
        "actions": (),
    }
    return IngestedClip(
        clip_id=clip_id,
        recording=Recording(
            recording_id, f"audio/{speaker_id}/{recording_id}.wav", speaker_id, language, text
        ),
        source_sha256=sha256,
        audio=StoredAudio(
            place=place, sample_rate_hz=sample_rate_hz, sha256=sha256, **(traits | audio)
        ),
        fault=None,
    )


def featurised_clip(
    clip_id: str,
    place: Place,
    *,
    split: str = "train",
    text: str = "one two three",
    language: str = "en",
    phones: tuple[int, ...] = (5, 6, 7),
    tokens: tuple[int, ...] = (1, 2, 3),
    sample_rate_hz: int = RATE,
) -> FeaturisedClip:
    """Return a clip of the speaker `speaker` whose audio lies at `place`."""
    cut = CutClip(
        clip_id=clip_id,
        recording_id=f"speaker/{clip_id}",
        speaker_id="speaker",
        language=language,
        split=split,
        text=text,
        duration_s=place.n_samples / sample_rate_hz,
        place=place,
    )
    return FeaturisedClip(cut=cut, phones=phones, tokens=tokens)
