"""`/tts` as clients of GPT-SoVITS's api_v2 ask for it.

Such a client writes a path of the server into each request. Here it is a name in an allow-list and
never opened. Numbers of sampling belong to the preset: those that a client of upstream sends
without having chosen them (upstream's defaults) are read as "no wish".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from voxgate.adapters.http.bodies import parse_fields
from voxgate.adapters.http.openai_dialect import read_model
from voxgate.adapters.http.output import Output
from voxgate.adapters.http.settings import HttpSettings
from voxgate.audio.encoding import EncodingName
from voxgate.errors import ConfigError, SpeechRequestError
from voxgate.serving.requests import SpeechRequest

__all__ = ["IGNORED_HEADER", "UpstreamFields", "read_upstream"]

IGNORED_HEADER = "X-Voxgate-Ignored"

_OF_THE_PRESET = (
    "top_k", "top_p", "temperature", "repetition_penalty", "fragment_interval",
)  # fmt: skip
"""What they would change is what is said, so a value of the client's own is refused."""

_OF_NO_EFFECT = (
    "batch_size",
    "batch_threshold",
    "split_bucket",
    "parallel_infer",
    "sample_steps",
    "super_sampling",
    "overlap_length",
    "min_chunk_length",
)
"""How upstream computes; nothing that is said here depends on it."""

_MEDIA: Mapping[str, EncodingName] = {"wav": "wav", "raw": "pcm", "ogg": "opus"}
_WHOLE = 0
_AUTO = "auto"
_WAYS = re.compile(r"^(?:all_|auto_)")


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _no_list(value: object) -> object:
    """A query has no lists: an empty value is an empty one."""
    return [] if value in ("", None) else value


Language = Annotated[str, BeforeValidator(_lower), Field(max_length=20)]


class UpstreamFields(BaseModel):
    """What api_v2 takes, with its defaults; a query's texts are read as the values they spell."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    text: str = Field(min_length=1)
    text_lang: Language
    ref_audio_path: str = Field(max_length=4_096)
    aux_ref_audio_paths: Annotated[list[str], BeforeValidator(_no_list)] = []
    prompt_lang: Language = ""
    prompt_text: str = ""
    top_k: int = 15
    top_p: float = 1.0
    temperature: float = 1.0
    repetition_penalty: float = 1.35
    fragment_interval: float = 0.3
    text_split_method: Literal["cut0", "cut1", "cut2", "cut3", "cut4", "cut5"] = "cut5"
    batch_size: int = 1
    batch_threshold: float = 0.75
    split_bucket: bool = True
    parallel_infer: bool = True
    sample_steps: int = 32
    super_sampling: bool = False
    overlap_length: int = 2
    min_chunk_length: int = 16
    speed_factor: float = Field(default=1.0, ge=0.5, le=2.0)
    seed: int = Field(default=-1, ge=-1, lt=2**31)
    media_type: Literal["wav", "raw", "ogg", "aac"] = "wav"
    streaming_mode: bool | Annotated[int, Field(ge=0, le=3)] = False


def read_upstream(
    values: Mapping[str, Any], settings: HttpSettings
) -> tuple[SpeechRequest, Output]:
    """Return what a request asks for, and how it is to be delivered.

    Raises:
        SpeechRequestError: names the field.
    """
    fields = parse_fields(UpstreamFields, values)
    _require_speakable(fields, settings)
    if settings.upstream_model is None:
        raise ConfigError("upstream_model", ["expected the name of a model"])
    model, version = read_model(settings.upstream_model, settings)
    ignored = _ignored(fields, settings)
    request = SpeechRequest(
        text=fields.text,
        model=model,
        version=version,
        profile=settings.upstream_refs[fields.ref_audio_path],
        preset=settings.upstream_presets.get(fields.text_split_method),
        seed=None if fields.seed < 0 else fields.seed,
        speed=fields.speed_factor,
    )
    output = Output(
        encoding=_MEDIA[fields.media_type],
        shape="whole" if int(fields.streaming_mode) == _WHOLE else "audio",
        headers={IGNORED_HEADER: ", ".join(ignored)} if ignored else {},
    )
    return request, output


def _require_speakable(fields: UpstreamFields, settings: HttpSettings) -> None:
    """Stop at what no setting makes possible."""
    known = ", ".join(settings.languages)
    if len(fields.text) > settings.max_characters:
        raise SpeechRequestError(
            "text", "string_above_max_length", f"text: at most {settings.max_characters} characters"
        )
    if not _is_known(fields.text_lang, settings):
        raise SpeechRequestError("text_lang", "invalid_value", f"text_lang: there are: {known}")
    if fields.prompt_lang and not _is_known(fields.prompt_lang, settings):
        raise SpeechRequestError("prompt_lang", "invalid_value", f"prompt_lang: there are: {known}")
    if fields.ref_audio_path not in settings.upstream_refs:
        raise SpeechRequestError(
            "ref_audio_path",
            "voice_not_found",
            "ref_audio_path: not on this server's list of references; no path is opened here",
        )
    if fields.aux_ref_audio_paths:
        raise SpeechRequestError(
            "aux_ref_audio_paths", "unsupported_parameter", "a voice has one reference here"
        )
    if fields.media_type not in _MEDIA:
        raise SpeechRequestError(
            "media_type", "unsupported_format", f"there are: {', '.join(_MEDIA)}"
        )


def _is_known(language: str, settings: HttpSettings) -> bool:
    """Tell whether a client's word for a language is one.

    `auto`, `all_zh` and `auto_yue` are upstream's ways of telling languages apart in a text; a
    voice here tells them by itself.
    """
    return language == _AUTO or _WAYS.sub("", language) in settings.languages


def _ignored(fields: UpstreamFields, settings: HttpSettings) -> list[str]:
    """Return the names that have no effect here; refuse those that would need to have one."""
    wishes = [name for name in _OF_THE_PRESET if not _is_default(fields, name)]
    if fields.text_split_method not in settings.upstream_presets and not _is_default(
        fields, "text_split_method"
    ):
        wishes.append("text_split_method")
    if fields.prompt_text:
        wishes.append("prompt_text")
    if wishes and not settings.upstream_lenient:
        raise SpeechRequestError(
            wishes[0],
            "unsupported_parameter",
            f"{', '.join(wishes)}: the preset and the voice's profile decide about this, not the "
            "request; leave it out",
        )
    return wishes + [name for name in _OF_NO_EFFECT if name in fields.model_fields_set]


def _is_default(fields: UpstreamFields, name: str) -> bool:
    return bool(getattr(fields, name) == UpstreamFields.model_fields[name].default)
