"""Parameters of `validate`: which clips are fit for training, and when a data set is not."""

from __future__ import annotations

from pydantic import Field

from voxgate.params.evaluate import RecogniserWindow
from voxgate.params.section import Section

__all__ = ["ValidateParams"]


class ValidateParams(Section):
    """Bounds per clip (reject, warn) and for the set. Sources: docs/validation.md."""

    recogniser: str
    """Name of the evaluator (in `evaluate.evaluators`) that transcribes and aligns."""

    recogniser_windows_s: list[RecogniserWindow] = Field(min_length=1)
    """Encoder windows to choose from; a shorter one costs less. Whisper was trained on 30 s."""

    recogniser_margin_s: float = Field(ge=0)
    """Silence that a window shorter than the longest must leave behind a clip."""

    min_duration_s: float = Field(gt=0)
    """After trimming."""

    max_duration_s: float = Field(gt=0, le=30)
    """After trimming; a recogniser's window ends at 30 s."""

    max_clipped_fraction: float = Field(ge=0, le=1)
    min_snr_db: float
    warn_snr_db: float
    warn_bandwidth_hz: float = Field(gt=0)
    max_tonal_fraction: float = Field(gt=0, le=1)
    """Share of active frames with one single frequency above which a clip is a tone."""

    max_flatness: float = Field(gt=0, le=1)
    """Median spectral flatness above which a clip is silence or noise."""

    max_silence_s: float = Field(gt=0)
    """Leading or trailing silence above this is trimmed (a fix)."""

    keep_silence_s: float = Field(ge=0)
    """What trimming leaves at each end."""

    warn_min_silence_s: float = Field(ge=0)
    """Less silence than this at either end is a warning: a word may be cut off."""

    spoken_symbols: dict[str, str]
    """By spoken word, the free-standing symbol of a transcript that is said so."""

    max_benchmark_overlap: float = Field(gt=0, le=1)
    """Share of a benchmark prompt's 4-word runs above which a clip is held out of training."""

    duplicate_correlation: float = Field(gt=0, lt=1)
    """Correlation of two fingerprints from which two recordings count as the same."""

    max_cer: float = Field(gt=0)
    warn_cer: float = Field(gt=0)
    max_edge_cer: float = Field(gt=0)
    edge_characters: int = Field(ge=1)
    """Length of an edge, at each end of the normalised transcript."""

    min_alignment_log_probability: float = Field(le=0)
    max_no_speech_probability: float = Field(gt=0, le=1)
    min_language_probability: float = Field(ge=0, le=1)
    """Another language with this probability rejects; the right one with less warns."""

    rate_iqr_factor: float = Field(gt=0)
    speaker_percentile: float = Field(ge=0, le=100)
    min_speaker_cosine: float = Field(ge=-1, le=1)
    """Below this a clip counts as spoken by somebody else."""

    max_quarantined_fraction: float = Field(gt=0, le=1)
