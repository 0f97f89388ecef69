"""The campaign file: what is said to whom, as whom, for which purpose."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from voxgate.corpus.consent import ConsentScope
from voxgate.errors import ConfigError
from voxgate.excerpts import excerpt
from voxgate.field_faults import field_faults
from voxgate.files import digest_json
from voxgate.strict_yaml import read_yaml

__all__ = ["CampaignSpec", "TemplateSpec", "parse_spec", "read_spec", "require_campaign_id"]

AudioFormat = Literal["mp3", "wav", "opus", "flac", "ulaw"]

_ID = r"^[a-z0-9][a-z0-9-]{0,59}$"
_NAME = r"^[a-z][a-z0-9_]{0,39}$"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class TemplateSpec(_Section):
    """A text with slots in braces, and what kind of value each slot takes (`values.SlotKind`)."""

    text: str = Field(min_length=1, max_length=4096)
    slots: Mapping[str, str] = Field(default_factory=dict)


class CampaignSpec(_Section):
    """One campaign file. Everything that decides what is heard is in its digest."""

    campaign: str = Field(pattern=_ID)
    purpose: ConsentScope = Field(strict=False)
    """What every consent must cover: evaluation, internal or publication."""

    model: str = Field(min_length=1, max_length=120)
    """Name of the voice in the ledger; the version that is live at planning is kept."""

    profile: str | None = None
    """A speaker profile, `name` or `name@version`; None is the voice's own speaker."""

    preset: str = "standard"
    format: AudioFormat = "mp3"
    sample_rate_hz: int | None = Field(default=None, ge=8000, le=48_000)
    """Of the files; None is the voice's own, or the next one that the format can have."""

    templates: Mapping[str, TemplateSpec] = Field(min_length=1, max_length=50)
    lexicon: Mapping[str, str] = Field(default_factory=dict, max_length=1000)
    """Words as they are said, in the phones of the voice's language: Siobhan: SH IH0 V AO1 N."""

    fallback: str | None = Field(default=None, min_length=1, max_length=500)
    """Said in place of a sentence with slots that no try said well; None leaves it for review."""

    keep_texts: bool = False
    """Whether the output table has the texts; their digests it has in any case."""

    proof_sample: int = Field(default=20, ge=1, le=200)
    """Cells that are spoken first and wait for somebody's approval."""

    weight: float = Field(default=1.0, ge=0.1, le=10.0)
    """Share of the workers beside other campaigns."""

    send_by: AwareDatetime | None = Field(default=None, strict=False)
    """When it is too late: what is not ready then is not spoken."""

    address_days: int = Field(default=7, ge=1, le=365)
    """How long the addresses in the output table lead to the files."""

    @property
    def digest(self) -> str:
        """Name everything that the file says."""
        return digest_json(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """Return the file as JSON values."""
        return self.model_dump(mode="json")

    def is_late(self, now: datetime) -> bool:
        """Tell whether its time is over."""
        return self.send_by is not None and now > self.send_by


def parse_spec(document: object, where: str) -> CampaignSpec:
    """Return the campaign that a mapping of plain values says.

    Raises:
        ConfigError: it is no mapping, or has unknown, missing or wrong values; all are listed.
    """
    if not isinstance(document, dict):
        raise ConfigError(where, [f"expected a mapping, got {type(document).__name__}"])
    try:
        json.dumps(document, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:  # as JSON can carry it, and no database can
        raise ConfigError(where, ["expected Unicode, got half a surrogate pair"]) from None
    try:
        spec = CampaignSpec.model_validate(document)
    except ValidationError as error:
        raise ConfigError(where, field_faults(error)) from None
    names = dict.fromkeys(spec.templates, "template")
    names |= {slot: "slot" for one in spec.templates.values() for slot in one.slots}
    faults = [
        f"{what} {excerpt(name)}: expected small letters, digits and _, a letter first"
        for name, what in names.items()
        if not re.fullmatch(_NAME, name)
    ]
    if faults:
        raise ConfigError(where, faults)
    return spec


def read_spec(path: Path) -> CampaignSpec:
    """Read a campaign file.

    Raises:
        ConfigError: there is none, it is not YAML, or it is no campaign; all faults are listed.
    """
    try:
        return parse_spec(read_yaml(path), str(path))
    except FileNotFoundError:
        raise ConfigError(str(path), ["the file is missing"]) from None


def require_campaign_id(text: str) -> str:
    """Return the id when a campaign can have it; no other text is put to a database.

    Raises:
        ConfigError: it cannot.
    """
    if not re.fullmatch(_ID, text):
        raise ConfigError(
            "campaign", [f"expected small letters, digits and -, 60 at most, got {excerpt(text)}"]
        )
    return text
