"""Who agreed to what: consent.yaml. No recording is used without a record of its speaker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voxgate.errors import ConsentError

__all__ = [
    "CONSENT_SCHEMA",
    "Consent",
    "ConsentScope",
    "dump_consents",
    "load_consents",
    "parse_consent",
    "parse_consents",
]

CONSENT_SCHEMA = 1


class ConsentScope(StrEnum):
    """What a voice trained on the recordings may be used for, from narrow to wide."""

    EVALUATION = "evaluation"
    INTERNAL = "internal"
    PUBLICATION = "publication"


class Consent(BaseModel):
    """One speaker's record. The scope travels with every model trained on the recordings."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    scope: ConsentScope
    source: str = Field(min_length=1)
    """Where the recordings come from."""

    licence: str = Field(min_length=1)
    attribution: str = Field(min_length=1)
    statement: str = Field(min_length=1)
    """In words, what the speaker agreed to, or what is known about it."""

    recorded_on: dt.date | None = None
    """When the speaker agreed."""


def load_consents(path: Path) -> dict[str, Consent]:
    """Read consent.yaml: speaker_id to record.

    Raises:
        ConsentError: the file is absent or broken; every fault is named.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConsentError(
            f"{path} is missing: no recording is used without a record of who agreed to what. "
            "`voxgate corpus add --consent FILE.yaml` writes it; docs/corpus.md shows one."
        ) from None
    except UnicodeDecodeError as error:
        raise ConsentError(f"{path}: expected UTF-8: {error}") from None
    return parse_consents(text, str(path))


def parse_consents(text: str, where: str) -> dict[str, Consent]:
    """Parse the text of a consent.yaml.

    Raises:
        ConsentError: as `load_consents`.
    """
    raw = _mapping(text, where)
    if raw.get("schema") != CONSENT_SCHEMA:
        raise ConsentError(f"{where}: expected `schema: 1`, got {raw.get('schema')!r}")
    speakers = raw.get("speakers")
    unknown = sorted(set(raw) - {"schema", "speakers"}, key=str)
    if not isinstance(speakers, dict) or unknown:
        raise ConsentError(
            f"{where}: expected only `schema` and a mapping `speakers`"
            + (f", got also {', '.join(map(str, unknown))}" if unknown else "")
        )
    faults: list[str] = []
    consents: dict[str, Consent] = {}
    for speaker_id, record in speakers.items():
        try:
            consents[str(speaker_id)] = Consent.model_validate(record)
        except ValidationError as error:
            faults += _faults(f"speakers.{speaker_id}", error)
    if faults:
        raise ConsentError(f"{where}: " + "; ".join(faults))
    return consents


def parse_consent(text: str, where: str) -> Consent:
    """Parse one speaker's record, as `voxgate corpus add --consent` takes it.

    Raises:
        ConsentError: keys are missing, unknown or have wrong values; all are named.
    """
    try:
        return Consent.model_validate(_mapping(text, where))
    except ValidationError as error:
        raise ConsentError(f"{where}: " + "; ".join(_faults("", error))) from None


def dump_consents(consents: Mapping[str, Consent]) -> str:
    """Return the text of consent.yaml; the same records give the same bytes."""
    speakers = {
        speaker_id: consents[speaker_id].model_dump(mode="json", exclude_none=True)
        for speaker_id in sorted(consents)
    }
    text: str = yaml.safe_dump(
        {"schema": CONSENT_SCHEMA, "speakers": speakers},
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
    return text


def _mapping(text: str, where: str) -> dict[Any, Any]:
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConsentError(f"{where}: not YAML: {error}") from None
    if not isinstance(raw, dict):
        raise ConsentError(f"{where}: expected a mapping, got {type(raw).__name__}")
    return raw


def _faults(prefix: str, error: ValidationError) -> list[str]:
    def name(location: tuple[int | str, ...]) -> str:
        return ".".join([prefix, *map(str, location)]).strip(".")

    return [f"{name(f['loc'])}: {f['msg']}" for f in error.errors(include_url=False)]
