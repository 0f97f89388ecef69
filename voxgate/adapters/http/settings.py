"""How the doors are set: names that other clients use, bounds, and which dialects there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voxgate.errors import ConfigError
from voxgate.text.languages import LANGUAGES

__all__ = ["HttpSettings"]


@dataclass(frozen=True, kw_only=True)
class HttpSettings:
    """What may be set; the defaults are those of a server on loopback.

    `model_aliases` and `voice_aliases` turn names of other services into ours; a voice that is
    None is the voice package's own reference. `upstream_refs` is the allow-list of what GPT-SoVITS
    clients may write into `ref_audio_path`: text of theirs to the name of a profile (or None).
    `upstream_presets` names the preset for each `text_split_method`.
    """

    model_aliases: Mapping[str, str] = field(default_factory=dict)
    voice_aliases: Mapping[str, str | None] = field(default_factory=lambda: {"default": None})
    languages: tuple[str, ...] = LANGUAGES
    """What clients may say that a text is in; what a voice cannot read it refuses by itself."""

    max_characters: int = 4_096
    max_job_characters: int = 100_000
    """Of one job; some hours of speech."""

    max_body_bytes: int = 1_000_000
    body_timeout_s: float = 30.0
    max_upload_bytes: int = 12_000_000
    """Of a recording that is enrolled, with its form; a minute of any format."""

    upload_timeout_s: float = 120.0
    max_list_bytes: int = 256_000_000
    """Of one list of recipients; a million rows and more."""

    list_timeout_s: float = 900.0
    deadline_s: float = 10.0
    """How long a real-time request may wait for its first sentence."""

    reader_patience_s: float = 60.0
    """How much longer than the audio plays a client may take to read it."""

    encoders: int = 2
    """How many threads make MP3, Opus and FLAC, and resample."""

    allow_anonymous: bool = False
    """Without a key, from this machine only, and to try voices only (consent to evaluation)."""

    open_metrics: bool = False
    """Whether `/metrics` needs no key."""

    upstream_dialect: bool = False
    upstream_model: str | None = None
    upstream_refs: Mapping[str, str | None] = field(default_factory=dict)
    upstream_presets: Mapping[str, str] = field(default_factory=dict)
    upstream_lenient: bool = False
    """Whether sampling numbers that the preset does not have are ignored, and named in a header."""

    def __post_init__(self) -> None:
        faults = [
            f"{name}: expected a number above 0, got {getattr(self, name)}"
            for name in (
                "max_characters",
                "max_job_characters",
                "max_body_bytes",
                "body_timeout_s",
                "max_upload_bytes",
                "upload_timeout_s",
                "max_list_bytes",
                "list_timeout_s",
                "deadline_s",
                "reader_patience_s",
                "encoders",
            )
            if not getattr(self, name) > 0
        ]
        if self.upstream_dialect and self.upstream_model is None:
            faults.append("upstream_model: GPT-SoVITS requests name no model; say which one speaks")
        if faults:
            raise ConfigError("settings of the HTTP server", faults)
