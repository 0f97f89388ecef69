"""What is wrong with records of consent, in words that repeat no more than a few of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from voxgate.corpus.manifest import SPEAKER_ID
from voxgate.excerpts import excerpt

__all__ = ["field_faults", "plain_key", "speaker_faults"]


def speaker_faults(speakers: Mapping[str, Any]) -> list[str]:
    """Name keys that are no speaker ids (these have no invisible characters), and look-alikes."""
    faults = []
    seen: dict[str, str] = {}
    for speaker_id in speakers:
        if not SPEAKER_ID.fullmatch(speaker_id):
            faults.append(
                f"speakers.{plain_key(speaker_id)}: expected a speaker_id as manifest.csv has it, "
                f"1 to 64 of the letters A to Z, digits, '_' and '-', got {excerpt(speaker_id)}"
            )
        earlier = seen.setdefault(speaker_id.casefold(), speaker_id)
        if earlier != speaker_id:
            faults.append(
                f"speakers.{plain_key(speaker_id)}: differs from {plain_key(earlier)} in "
                "letter case only; one person has one record"
            )
    return faults


def field_faults(prefix: str, error: ValidationError) -> list[str]:
    """Say what is wrong with the fields of one record; `prefix` says whose."""
    return [
        f"{'.'.join([prefix, *map(plain_key, fault['loc'])]).strip('.')}: {_message(fault)}"
        for fault in error.errors(include_url=False, include_context=False)
    ]


def _message(fault: Mapping[str, Any]) -> str:
    said = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "string_type":
        return f"{said}, got {excerpt(fault['input'])}; put quotation marks around it"
    return f"{said}, got {excerpt(fault['input'])}" if fault["type"] == "enum" else said[:160]


def plain_key(part: object) -> str:
    """Return a key as it stands in the file where it is plain, else quoted and cut."""
    text = str(part)
    return text if SPEAKER_ID.fullmatch(text) else excerpt(text)
