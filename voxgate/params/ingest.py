"""Parameters of `ingest`: from any audio file to mono PCM at one rate and loudness."""

from __future__ import annotations

from pydantic import Field

from voxgate.params.section import Section

__all__ = ["IngestParams"]


class IngestParams(Section):
    """How recordings are decoded and prepared."""

    sample_rate_hz: int = Field(ge=8_000, le=48_000)
    """Rate of the prepared audio."""

    min_source_sample_rate_hz: int = Field(ge=8_000)
    """A recording below this rate is quarantined: resampling cannot give back what is missing."""

    max_recording_s: float = Field(gt=0)
    """A longer file is quarantined without being decoded to its end."""

    loudness_lufs: float = Field(le=0)
    """Integrated loudness (ITU-R BS.1770) that every clip is brought to."""

    max_gain_db: float = Field(ge=0)
    """Bound on the gain applied, so that noise is not raised to speech level."""

    peak_ceiling_dbfs: float = Field(le=0)
    """The gain is lowered where the peak would pass this."""
