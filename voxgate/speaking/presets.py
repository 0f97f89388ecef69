"""How something is said, as a frozen row that a request names instead of sampling numbers.

A preset never changes: a change is a new version. Its digest covers every value that decides the
samples or the file, so that it can stand in a key of identity beside the voice and the text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voxgate.errors import ConfigError
from voxgate.field_faults import field_faults
from voxgate.files import digest_json
from voxgate.strict_yaml import read_yaml
from voxgate.text.sentences import CutName

__all__ = ["QualityRules", "SpeakingPreset", "parse_preset", "read_preset", "shipped_presets"]

SHIPPED = Path(__file__).with_name("presets.yaml")

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


def parse_preset(document: object, where: str) -> SpeakingPreset:
    """Return the preset that a mapping of plain values says.

    Raises:
        ConfigError: it is no mapping, or has unknown, missing or wrong values; all are listed.
    """
    if not isinstance(document, dict):
        raise ConfigError(where, [f"expected a mapping, got {type(document).__name__}"])
    try:
        return SpeakingPreset.model_validate(document)
    except ValidationError as error:
        raise ConfigError(where, field_faults(error)) from None


def read_preset(path: Path) -> SpeakingPreset:
    """Read a YAML file that holds one preset.

    Raises:
        ConfigError: there is none, it is not YAML, or it is no preset; all faults are listed.
    """
    try:
        return parse_preset(read_yaml(path), str(path))
    except FileNotFoundError:
        raise ConfigError(str(path), ["the file is missing"]) from None


def shipped_presets() -> tuple[SpeakingPreset, ...]:
    """Return the presets that come with voxgate, in the order of their file.

    Raises:
        ConfigError: the installed file was altered and can no longer be read.
    """
    rows = read_yaml(SHIPPED)
    if not isinstance(rows, list):
        raise ConfigError(str(SHIPPED), [f"expected a list of presets, got {type(rows).__name__}"])
    return tuple(parse_preset(row, f"{SHIPPED}, row {n}") for n, row in enumerate(rows, start=1))
