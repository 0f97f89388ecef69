"""Parameters of `validate`: which clips are fit for training, and when a data set is not."""

from __future__ import annotations

from pydantic import Field

from voxgate.params.section import Section

__all__ = ["ValidateParams"]


class ValidateParams(Section):
    """Bounds per clip (reject, warn) and for the set. Sources: docs/validation.md."""

    recogniser: str
    """Name of the evaluator (in `evaluate.evaluators`) that transcribes and aligns."""

    min_duration_s: float = Field(gt=0)
    max_duration_s: float = Field(gt=0)
    max_clipped_fraction: float = Field(ge=0, le=1)
    min_snr_db: float
    warn_snr_db: float
    warn_bandwidth_hz: float = Field(gt=0)
    max_silence_s: float = Field(gt=0)
    """Leading or trailing silence above this is trimmed (a fix)."""

    keep_silence_s: float = Field(ge=0)
    """What trimming leaves at each end."""

    max_cer: float = Field(gt=0)
    warn_cer: float = Field(gt=0)
    max_edge_cer: float = Field(gt=0)
    min_alignment_log_probability: float = Field(le=0)
    min_language_probability: float = Field(ge=0, le=1)
    rate_iqr_factor: float = Field(gt=0)
    speaker_percentile: float = Field(ge=0, le=100)
    min_accepted_clips: int = Field(ge=1)
    min_accepted_s: float = Field(gt=0)
    max_quarantined_fraction: float = Field(gt=0, le=1)
