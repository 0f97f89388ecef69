"""OpenAI's fields of speech, and ours beside them, as a `SpeechRequest`: streams and jobs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from voxgate.adapters.http.bodies import parse_fields
from voxgate.adapters.http.output import Output
from voxgate.adapters.http.settings import HttpSettings
from voxgate.audio.encoding import ENCODINGS, EncodingName
from voxgate.errors import SpeechRequestError
from voxgate.serving.requests import SpeechRequest

__all__ = ["JobFields", "SpeechFields", "read_job", "read_model", "read_speech"]

OPENAI_PCM_RATE_HZ = 24_000
"""What clients of OpenAI play bare samples at: they are told no rate that they would read."""

_MODEL = re.compile(r"([^@\s]{1,200})(?:@([1-9][0-9]{0,8}))?")
_LONGEST_NAME = 200

Name = Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME)]


class VoiceById(BaseModel):
    """A voice by its id."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Name


class JobFields(BaseModel):
    """The body of a speech job: what is said, how, and as which file."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    input: str = Field(min_length=1, description="What is said.")
    model: Name = Field(description="A model, or one version of it: `name@7`.")
    voice: Name | VoiceById = Field(description="A voice of GET /v1/audio/voices.")
    instructions: str | None = Field(default=None, description="Must be empty: there are none.")
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm", "ulaw"] = "mp3"
    speed: float = Field(default=1.0, ge=0.5, le=2.0)
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    preset: Name | None = Field(default=None, description="`name`, or `name@version`.")
    language: Name | None = None
    sample_rate: int | None = Field(default=None, description="In Hz.")


class SpeechFields(JobFields):
    """The body of a speech request."""

    stream_format: Literal["audio", "sse"] = "audio"


def read_speech(values: Mapping[str, Any], settings: HttpSettings) -> tuple[SpeechRequest, Output]:
    """Return what a body asks for, and how it is to be delivered.

    Raises:
        SpeechRequestError: names the field.
    """
    fields = parse_fields(SpeechFields, values)
    longer = "send a longer text to /v1/speech-jobs, or in several requests"
    _require_length(fields.input, settings.max_characters, longer)
    return _request(fields, settings), _output(fields, fields.stream_format)


def read_job(values: Mapping[str, Any], settings: HttpSettings) -> tuple[SpeechRequest, Output]:
    """Return what a job asks for, and as which file.

    Raises:
        SpeechRequestError: names the field.
    """
    fields = parse_fields(JobFields, values)
    _require_length(fields.input, settings.max_job_characters, "make several jobs of it")
    return _request(fields, settings), _output(fields, "whole")


def _request(fields: JobFields, settings: HttpSettings) -> SpeechRequest:
    if fields.instructions:
        raise SpeechRequestError(
            "instructions", "unsupported_parameter", "the voice takes no instructions; leave it out"
        )
    if fields.language is not None and fields.language not in settings.languages:
        known = ", ".join(settings.languages)
        raise SpeechRequestError("language", "invalid_value", f"language: there are: {known}")
    model, version = read_model(fields.model, settings)
    voice = fields.voice if isinstance(fields.voice, str) else fields.voice.id
    return SpeechRequest(
        text=fields.input,
        model=model,
        version=version,
        profile=settings.voice_aliases.get(voice, voice),
        preset=fields.preset,
        seed=fields.seed,
        speed=fields.speed,
    )


def read_model(name: str, settings: HttpSettings) -> tuple[str, int | None]:
    """Return model and version of `name`, `name@version` or an alias.

    Raises:
        SpeechRequestError: it is none of these.
    """
    found = _MODEL.fullmatch(settings.model_aliases.get(name, name))
    if found is None:
        raise SpeechRequestError("model", "invalid_value", "model: expected NAME or NAME@VERSION")
    return found[1], None if found[2] is None else int(found[2])


def _require_length(text: str, most: int, remedy: str) -> None:
    if len(text) > most:
        raise SpeechRequestError(
            "input",
            "string_above_max_length",
            f"input: {len(text)} characters, at most {most}; {remedy}",
        )


def _output(fields: JobFields, shape: Literal["audio", "sse", "whole"]) -> Output:
    if fields.response_format == "aac":
        offered = ", ".join(ENCODINGS)
        raise SpeechRequestError(
            "response_format", "unsupported_format", f"there is no aac here; there are: {offered}"
        )
    encoding: EncodingName = fields.response_format
    rate_hz = fields.sample_rate
    if rate_hz is None and encoding == "pcm":
        rate_hz = OPENAI_PCM_RATE_HZ
    rates = ENCODINGS[encoding].rates_hz
    if rate_hz is not None and rate_hz not in rates:
        known = ", ".join(map(str, rates))
        raise SpeechRequestError(
            "sample_rate", "invalid_value", f"sample_rate: {encoding} can have {known} Hz"
        )
    return Output(encoding=encoding, rate_hz=rate_hz, shape=shape)
