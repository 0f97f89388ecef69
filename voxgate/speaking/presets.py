"""How something is said, as a frozen row that a request names instead of sampling numbers.

A preset never changes: a change is a new version. Its digest covers every value that decides the
samples or the file, so that it can stand in a key of identity beside the voice and the text.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from voxgate.files import digest_json
from voxgate.text.sentences import CutName

__all__ = ["QualityRules", "SpeakingPreset"]

AudioFormat = Literal["wav", "mp3", "opus", "flac", "pcm"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class QualityRules(_Row):
    """What speech must be before it is delivered; None is not asked for."""

    max_length_ratio: float = Field(default=3.0, gt=1.0)
    """Longer than so many times what its letters need counts as endless."""

    min_similarity: float | None = Field(default=None, ge=-1.0, le=1.0)
    max_phone_distance: int | None = Field(default=None, ge=0)


class SpeakingPreset(_Row):
    """One version of a preset."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    version: int = Field(ge=1)
    seed: int = Field(default=0, ge=0, lt=2**31)
    cut: CutName = "sentences"
    threads: Literal[1] = 1
    """Another number gives other samples (docs/speaking.md); the pool has one a process."""

    precision: Literal["float32", "bfloat16", "int8"] = "float32"
    pause_s: float | None = Field(default=None, ge=0.0, le=3.0)
    """Between sentences; None is the voice's own."""

    format: AudioFormat = "wav"
    """Of a file, where the caller asks for none."""

    loudness_lufs: float | None = Field(default=None, ge=-40.0, le=-9.0)
    """Files are brought to this level; None leaves the voice's own."""

    quality: QualityRules = QualityRules()

    @property
    def label(self) -> str:
        """Name the row: `name@version`."""
        return f"{self.name}@{self.version}"

    @property
    def digest(self) -> str:
        """Name everything that it says."""
        return digest_json(self.model_dump(mode="json"))
