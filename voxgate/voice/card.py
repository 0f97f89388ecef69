"""The card of a voice package: what it is, what it may be used for, and the digest of each file.

Everybody reads and names a card here. `read_card` gives what packages of every kind state, whatever
else their cards hold; `read_voice_card` and `read_replay_card` give a whole card. Nothing in this
module loads torch: evaluation, gate and release read cards, and run no network.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from voxgate.errors import VoiceError
from voxgate.files import digest_file, read_json, write_json
from voxgate.text.lexicons import lexicon_language

__all__ = [
    "CARD_NAME",
    "OLD_LEXICON",
    "REPLAY",
    "TRAINED",
    "GenerationDefaults",
    "PackageCard",
    "Recording",
    "Reference",
    "ReplayCard",
    "TrainedSteps",
    "VoiceCard",
    "card_digest",
    "card_document",
    "card_lexicons",
    "has_card",
    "read_card",
    "read_replay_card",
    "read_voice_card",
    "write_card",
]

CARD_NAME = "voice.json"
_MAX_CARD_BYTES = 16 << 20
OLD_LEXICON = "lexicon.txt"
"""The speaker's own pronunciations in packages of before there was one file a language."""

TRAINED = "trained"
"""The kind of a package with two networks; their cards do not state it."""

REPLAY = "replay"
"""The kind of a package of recordings (replay.py)."""


class PackageCard(BaseModel):
    """What the card of every package states, of any kind and age; what else it holds is left."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    kind: str = TRAINED
    consent_scope: str
    language: str | None = None
    """None where nothing is read: recordings are only played."""

    languages: list[str] | None = None
    text_features_sha256: str | None = None

    files: dict[str, str] = Field(default_factory=dict)
    """sha256 of every other file of the folder."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class TrainedSteps(_Record):
    """How far each network was trained."""

    s1: int = Field(ge=0)
    s2: int = Field(ge=0)


class Reference(_Record):
    """The reference clip as a prompt: what it says, as text and as phone ids."""

    clip_id: str
    text: str
    phones: list[int] = Field(min_length=1)


class GenerationDefaults(_Record):
    """How tokens are drawn, and how long they may go on."""

    prompted: bool
    """Whether S1 continues the reference clip's tokens, or reads the target's phones alone."""

    top_k: int = Field(ge=1)
    top_p: float = Field(gt=0, le=1)
    temperature: float = Field(gt=0)
    repetition_penalty: float = Field(ge=1)
    noise_scale: float = Field(ge=0)
    phones_per_second: float = Field(gt=0)
    """Median rate of the speaker; gives the expected length of a sentence."""

    max_length_ratio: float = Field(gt=1)
    """A sentence is cut off at this multiple of its expected length."""

    pause_s: float = Field(ge=0)
    """Silence between sentences."""


class VoiceCard(_Record):
    """What a trained voice is, where it comes from, and what it may be used for.

    The card of a voice of one language is written as schema 1, as it always was: its bytes name
    the voice. One of several is of schema 2, which who knows one language only refuses.
    """

    schema_version: Literal[1, 2] = Field(default=1, alias="schema")
    preset: str
    language: str
    """The first of `languages`: whose text is what nothing else marks."""

    languages: list[str] | None = Field(default=None, min_length=2)
    """Every language that the voice speaks; None where it is one."""

    speaker_id: str
    sample_rate_hz: int = Field(gt=0)
    symbols: str
    steps: TrainedSteps
    consent_scope: str
    tokenizer_sha256: str
    seed: int
    base: str | None
    """Digest of the base checkpoint that training started from; null for random weights."""

    text_features_sha256: str | None = None
    """Digest of the BERT that told S1 what Chinese text means; None: nothing did."""

    reference: Reference
    generation: GenerationDefaults
    files: dict[str, str] = Field(default_factory=dict)
    """sha256 of every other file of the folder."""

    @model_validator(mode="after")
    def _check_languages(self) -> Self:
        if (self.schema_version == 1) != (self.languages is None):
            raise ValueError("languages: expected in schema 2, and there only")
        if self.languages is not None and self.languages[0] != self.language:
            raise ValueError(f"languages: expected {self.language!r} first, got {self.languages}")
        if self.languages is not None and len(set(self.languages)) != len(self.languages):
            raise ValueError(f"languages: expected each once, got {self.languages}")
        return self

    @property
    def spoken_languages(self) -> tuple[str, ...]:
        """The primary language, then the further ones."""
        return tuple(self.languages or [self.language])

    def of_languages(self, languages: Sequence[str]) -> VoiceCard:
        """Return the card of the same voice, for these languages, the primary one first."""
        if len(languages) == 1:
            update: dict[str, Any] = {"schema_version": 1, "languages": None}
        else:
            update = {"schema_version": 2, "languages": list(languages)}
        return self.model_copy(update={"language": languages[0], **update})


class Recording(_Record):
    """One text that a replay package can say."""

    text: str
    file: str
    sha256: str


class ReplayCard(_Record):
    """What a package of recordings plays, and what it may be used for."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    kind: Literal["replay"] = "replay"
    consent_scope: str
    recordings: list[Recording]
    files: dict[str, str]
    """sha256 of every recording."""


def has_card(folder: Path) -> bool:
    """Say whether a folder looks like a voice package."""
    return (folder / CARD_NAME).is_file()


def card_digest(folder: Path) -> str:
    """Return the sha256 of the card, which names the package: the card names every other file.

    Raises:
        VoiceError: the folder is no voice package.
    """
    return digest_file(_card_path(folder))


def read_card(folder: Path) -> PackageCard:
    """Read what a package of any kind states.

    Raises:
        VoiceError: the folder is no voice package.
    """
    return _read(folder, PackageCard, "a voice card")


def read_voice_card(folder: Path) -> VoiceCard:
    """Read the card of a trained voice.

    Raises:
        VoiceError: the folder is no voice package, or one of a newer schema.
    """
    return _read(folder, VoiceCard, "a voice card of schema 1 or 2")


def card_lexicons(folder: Path, card: PackageCard | VoiceCard) -> dict[str, Path]:
    """Return the speaker's own pronunciations by language, of packages of any age."""
    found = {
        language: folder / name
        for name in card.files
        if (language := lexicon_language(name)) is not None
    }
    if OLD_LEXICON in card.files and card.language is not None:
        found.setdefault(card.language, folder / OLD_LEXICON)
    return found


def read_replay_card(folder: Path) -> ReplayCard:
    """Read the card of a replay package.

    Raises:
        VoiceError: the folder is none, or one of a newer schema.
    """
    if not has_card(folder) or read_card(folder).kind != REPLAY:
        raise VoiceError(f"{folder} is not a replay package: its {CARD_NAME} names no recordings")
    return _read(folder, ReplayCard, "a replay card of schema 1")


def write_card(folder: Path, card: VoiceCard | ReplayCard) -> None:
    """Write a card; the same card gives the same bytes, on which the package's digest depends."""
    write_json(folder / CARD_NAME, card_document(card))


def card_document(card: VoiceCard | ReplayCard) -> dict[str, Any]:
    """Return what a card states; what came later is left out where it says nothing.

    So the voices of before keep their bytes, and with them their names.
    """
    stated = card.model_dump(mode="json", by_alias=True)
    later = ("languages", "text_features_sha256")
    return {name: value for name, value in stated.items() if name not in later or value is not None}


_Card = TypeVar("_Card", bound=BaseModel)


def _read(folder: Path, record: type[_Card], expected: str) -> _Card:
    path = _card_path(folder)
    if path.stat().st_size > _MAX_CARD_BYTES:
        raise VoiceError(f"{path} is not {expected}: it has more than {_MAX_CARD_BYTES} bytes")
    try:
        return record.model_validate(read_json(path))
    except (ValueError, RecursionError) as error:  # pydantic's, JSON's, and what is nested for ever
        raise VoiceError(f"{path} is not {expected}: {error}") from error


def _card_path(folder: Path) -> Path:
    if not has_card(folder):
        raise VoiceError(f"{folder / CARD_NAME} is missing: {folder} is not a voice package")
    return folder / CARD_NAME
