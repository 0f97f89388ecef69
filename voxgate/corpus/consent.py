"""Who agreed to what: consent.yaml. No recording is used without a record of its speaker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from voxgate.clock import utc_now
from voxgate.corpus.consent_faults import field_faults, plain_key, speaker_faults
from voxgate.errors import ConfigError, ConsentError
from voxgate.excerpts import excerpt
from voxgate.strict_yaml import dump_yaml, parse_yaml, read_yaml

__all__ = [
    "CONSENT_SCHEMA",
    "Consent",
    "ConsentScope",
    "dump_consents",
    "load_consent",
    "load_consents",
    "parse_consent",
    "parse_consents",
]

CONSENT_SCHEMA = 1

_SHOWN_FAULTS = 20


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

    expires_on: dt.date | None = None
    """The last day on which the record holds; None holds until it is withdrawn."""

    @field_validator("source", "licence", "attribution", "statement")
    @classmethod
    def _says_something(cls, text: str) -> str:
        if not any(character.isalnum() for character in text):
            raise ValueError("expected words, got nothing that can be read")
        return text

    @field_validator("recorded_on", mode="before")
    @classmethod
    def _is_a_day_that_was(cls, value: object) -> dt.date | None:
        day = _parse_day(value)
        # It may be tomorrow already where the speaker is.
        if day is not None and day > utc_now().date() + dt.timedelta(days=1):
            raise ValueError("lies in the future: nobody has agreed yet")
        return day

    @field_validator("expires_on", mode="before")
    @classmethod
    def _is_no_day_before_the_agreement(cls, value: object, info: ValidationInfo) -> dt.date | None:
        day, agreed = _parse_day(value), info.data.get("recorded_on")
        if day is not None and agreed is not None and day < agreed:
            raise ValueError(f"lies before recorded_on, {agreed}: it would never have held")
        return day


def load_consents(path: Path) -> dict[str, Consent]:
    """Read consent.yaml: speaker_id to record.

    Raises:
        ConsentError: the file is absent or broken; every fault is named.
    """
    try:
        raw = read_yaml(path)
    except FileNotFoundError:
        raise ConsentError(
            f"{path} is missing: no recording is used without a record of who agreed to what. "
            "`voxgate corpus add --consent FILE.yaml` writes it; docs/corpus.md shows one."
        ) from None
    except ConfigError as error:
        raise ConsentError(str(error)) from None
    return _records(raw, str(path))


def load_consent(path: Path) -> Consent:
    """Read one speaker's record, as `voxgate corpus add --consent` takes it.

    Raises:
        ConsentError: the file is absent, or as `parse_consent`.
    """
    try:
        return _record(read_yaml(path), str(path))
    except FileNotFoundError:
        raise ConsentError(f"--consent {path}: cannot be read: there is no such file") from None
    except ConfigError as error:
        raise ConsentError(str(error)) from None


def parse_consents(text: str, where: str) -> dict[str, Consent]:
    """Parse the text of a consent.yaml.

    Raises:
        ConsentError: as `load_consents`.
    """
    return _records(_parse(text, where), where)


def parse_consent(text: str, where: str) -> Consent:
    """Parse one speaker's record.

    Raises:
        ConsentError: keys are missing, unknown or have wrong values; all are named.
    """
    return _record(_parse(text, where), where)


def _record(document: Any, where: str) -> Consent:
    try:
        return Consent.model_validate(_mapping(document, where))
    except ValidationError as error:
        raise ConsentError(f"{where}: " + "; ".join(field_faults("", error))) from None


def dump_consents(consents: Mapping[str, Consent]) -> str:
    """Return the text of consent.yaml; the same records give the same bytes."""
    speakers = {
        speaker_id: consents[speaker_id].model_dump(mode="json", exclude_none=True)
        for speaker_id in sorted(consents)
    }
    return dump_yaml({"schema": CONSENT_SCHEMA, "speakers": speakers})


def _parse_day(value: object) -> dt.date | None:
    if isinstance(value, str):
        value = dt.date.fromisoformat(value)
    if value is None:
        return None
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ValueError("expected a date such as 2026-01-31")  # noqa: TRY004 -- pydantic's
    return value


def _records(document: Any, where: str) -> dict[str, Consent]:
    raw = _mapping(document, where)
    if type(raw.get("schema")) is not int or raw["schema"] != CONSENT_SCHEMA:
        raise ConsentError(f"{where}: expected `schema: 1`, got {excerpt(raw.get('schema'))}")
    speakers = raw.get("speakers")
    unknown = sorted(set(raw) - {"schema", "speakers"})
    if not isinstance(speakers, dict) or unknown:
        raise ConsentError(
            f"{where}: expected only `schema` and a mapping `speakers`"
            + (
                f", got also {', '.join(map(plain_key, unknown[:_SHOWN_FAULTS]))}"
                if unknown
                else ""
            )
        )
    faults = speaker_faults(speakers)
    consents: dict[str, Consent] = {}
    for speaker_id, record in speakers.items():
        try:
            consents[speaker_id] = Consent.model_validate(record)
        except ValidationError as error:
            faults += field_faults(f"speakers.{plain_key(speaker_id)}", error)
    if faults:
        more = len(faults) - _SHOWN_FAULTS
        shown = faults[:_SHOWN_FAULTS] + ([f"and {more} more"] if more > 0 else [])
        raise ConsentError(f"{where}: " + "; ".join(shown))
    return consents


def _parse(text: str, where: str) -> Any:
    try:
        return parse_yaml(text, where)
    except ConfigError as error:
        raise ConsentError(str(error)) from None


def _mapping(raw: Any, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ConsentError(f"{where}: expected a mapping, got {type(raw).__name__}")
    return raw
