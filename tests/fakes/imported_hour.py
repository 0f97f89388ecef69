"""A recording of three seconds, as an import says what it was."""

from __future__ import annotations

from voxgate.corpus.cutting.records import Source

SOURCE = Source(
    source_id="hour-12345678",
    name="hour.flac",
    sha256="12345678",
    container="flac",
    sample_rate_hz=16_000,
    channels=1,
    n_samples=48_000,
    language="en",
    speaker_id="anna",
    settings="digest",
    instruments={},
)
