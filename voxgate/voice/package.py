"""A voice as a folder: two networks, a reference, and a card that names and verifies them.

    voice.json               the card (`VoiceCard`), with the sha256 of every other file
    s1.safetensors           text → tokens, float16
    s2.safetensors           tokens → wave, float16
    reference.safetensors    tokens (N,) int64 and spectrogram (bins, T) float16 of the prompt clip,
                             speaker_vector (D,) float32 with the presets that read one
    lexicon.txt              the speaker's own pronunciations, if there are any

Nothing in it needs the speech tokenizer or its extractor to speak, and nothing is pickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import safetensors.torch
import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from torch import Tensor

from voxgate.errors import TrainingError, VoiceError, WeightsError
from voxgate.files import digest_bytes, digest_file, publish_directory, write_bytes, write_json

__all__ = [
    "GenerationDefaults",
    "Reference",
    "TrainedSteps",
    "VoiceCard",
    "VoiceFiles",
    "halved_weights",
    "read_voice_card",
    "verify_voice",
    "write_voice",
]

_CARD = "voice.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class TrainedSteps(_Record):
    """How far each network was trained."""

    s1: int = Field(ge=0)
    s2: int = Field(ge=0)


class Reference(_Record):
    """The prompt clip: what it says, as text and as phone ids."""

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
    """What a voice is, where it comes from, and what it may be used for."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    preset: str
    language: str
    speaker_id: str
    sample_rate_hz: int = Field(gt=0)
    symbols: str
    steps: TrainedSteps
    consent_scope: str
    tokenizer_sha256: str
    seed: int
    base: str | None
    """Digest of the base checkpoint that training started from; null for random weights."""

    reference: Reference
    generation: GenerationDefaults
    files: dict[str, str] = Field(default_factory=dict)
    """sha256 of every other file of the folder."""


@dataclass(frozen=True, kw_only=True)
class VoiceFiles:
    """The tensors of a voice, before they are written."""

    s1: Mapping[str, Tensor]
    s2: Mapping[str, Tensor]
    reference_tokens: Tensor
    """(N,) int64."""

    reference_spectrogram: Tensor
    """(bins, T) linear magnitudes."""

    reference_speaker_vector: Tensor | None = None
    """(D,) of the same clip, for the presets that read one."""

    lexicon: bytes | None = None


def write_voice(folder: Path, card: VoiceCard, files: VoiceFiles) -> VoiceCard:
    """Write a voice package in one step and return its card with the digests filled in.

    Raises:
        TrainingError: a weight is not finite once it is float16.
    """
    contents = {
        "s1.safetensors": safetensors.torch.save(halved_weights("s1", files.s1)),
        "s2.safetensors": safetensors.torch.save(halved_weights("s2", files.s2)),
        "reference.safetensors": safetensors.torch.save(_reference(files)),
    }
    if files.lexicon is not None:
        contents["lexicon.txt"] = files.lexicon
    digests = {name: digest_bytes(data) for name, data in sorted(contents.items())}
    complete = card.model_copy(update={"files": digests})
    with publish_directory(folder) as temporary:
        for name, data in contents.items():
            write_bytes(temporary / name, data)
        write_json(temporary / _CARD, complete.model_dump(mode="json", by_alias=True))
    return complete


def read_voice_card(folder: Path) -> VoiceCard:
    """Read voice.json.

    Raises:
        VoiceError: the folder is no voice package, or one of a newer schema.
    """
    path = folder / _CARD
    try:
        return VoiceCard.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise VoiceError(f"{path} is missing: {folder} is not a voice package") from None
    except (ValidationError, ValueError) as error:
        raise VoiceError(f"{path} is not a voice card of schema 1: {error}") from None


def verify_voice(folder: Path, card: VoiceCard) -> None:
    """Check that every file is there and is the one that the card names.

    Raises:
        WeightsError: lists every file that is absent or different.
    """
    required = {"s1.safetensors", "s2.safetensors", "reference.safetensors"}
    faults = [f"voice.json names no {name}" for name in sorted(required - card.files.keys())]
    for name, sha256 in sorted(card.files.items()):
        path = folder / name
        if Path(name).name != name:
            faults.append(f"voice.json names {name!r}, which is not a plain file name")
        elif not path.is_file():
            faults.append(f"{name} is missing")
        elif (found := digest_file(path)) != sha256:
            faults.append(f"{name}: expected sha256 {sha256}, found {found}")
    if faults:
        raise WeightsError(
            f"voice package {folder}: {'; '.join(faults)}. Fetch the package again from where it "
            "was registered, or train again."
        )


def _reference(files: VoiceFiles) -> dict[str, Tensor]:
    tensors = {
        "tokens": files.reference_tokens.long().contiguous(),
        "spectrogram": files.reference_spectrogram.half().contiguous(),
    }
    if files.reference_speaker_vector is not None:
        tensors["speaker_vector"] = files.reference_speaker_vector.float().contiguous()
    return tensors


def halved_weights(model: str, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return `weights` with every float as float16.

    Raises:
        TrainingError: one is not finite then.
    """
    halved = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).contiguous()
        for name, tensor in weights.items()
    }
    broken = [name for name, tensor in halved.items() if not bool(torch.isfinite(tensor).all())]
    if broken:
        raise TrainingError(
            f"{model}: weights are not finite as float16: {', '.join(broken[:5])}"
            f"{' …' if len(broken) > 5 else ''}. Training diverged; lower its learning rate."  # noqa: PLR2004
        )
    return halved
