"""A voice as a folder: two networks, a reference, and a card that names and verifies them.

    voice.json               the card (`VoiceCard`), with the sha256 of every other file
    s1.safetensors           text → tokens, float16
    s2.safetensors           tokens → wave, float16
    reference.safetensors    tokens (N,) int64 and spectrogram (bins, T) float16 of the prompt clip,
                             speaker_vector (D,) float32 with the presets that read one,
                             text_rows (N, C) float16 and text_places (N, 2) int32 of a prompt with
                             Chinese characters, with those that read text features
    lexicon.LANGUAGE.tsv     the speaker's own pronunciations, if there are any: a file a language

Nothing in it needs the speech tokenizer or its extractor to speak, and nothing is pickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor

from voxgate.errors import TrainingError, WeightsError
from voxgate.files import digest_bytes, digest_file, publish_directory, write_bytes
from voxgate.text.lexicons import lexicon_name
from voxgate.voice.card import CARD_NAME, VoiceCard, write_card
from voxgate.voice.text_features import CharacterFeatures

__all__ = [
    "REFERENCE_NAME",
    "S1_NAME",
    "S2_NAME",
    "VoiceFiles",
    "halved_weights",
    "verify_voice",
    "write_voice",
]

S1_NAME = "s1.safetensors"
S2_NAME = "s2.safetensors"
REFERENCE_NAME = "reference.safetensors"


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

    reference_text: CharacterFeatures | None = None
    """Of the Chinese characters that it says, for the presets that read them."""

    lexicons: Mapping[str, bytes] = field(default_factory=dict)
    """By language."""


def write_voice(folder: Path, card: VoiceCard, files: VoiceFiles) -> VoiceCard:
    """Write a voice package in one step and return its card with the digests filled in.

    Raises:
        TrainingError: a weight is not finite once it is float16.
    """
    contents = {
        S1_NAME: safetensors.torch.save(halved_weights("s1", files.s1)),
        S2_NAME: safetensors.torch.save(halved_weights("s2", files.s2)),
        REFERENCE_NAME: safetensors.torch.save(_reference(files)),
    }
    contents |= {lexicon_name(code): lines for code, lines in files.lexicons.items()}
    digests = {name: digest_bytes(data) for name, data in sorted(contents.items())}
    complete = card.model_copy(update={"files": digests})
    with publish_directory(folder) as temporary:
        for name, data in contents.items():
            write_bytes(temporary / name, data)
        write_card(temporary, complete)
    return complete


def verify_voice(folder: Path, card: VoiceCard) -> None:
    """Check that every file is there and is the one that the card names.

    Raises:
        WeightsError: lists every file that is absent or different.
    """
    required = {S1_NAME, S2_NAME, REFERENCE_NAME}
    faults = [f"{CARD_NAME} names no {name}" for name in sorted(required - card.files.keys())]
    for name, sha256 in sorted(card.files.items()):
        path = folder / name
        if Path(name).name != name:
            faults.append(f"{CARD_NAME} names {name!r}, which is not a plain file name")
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
    if files.reference_text is not None:
        tensors["text_rows"] = torch.tensor(files.reference_text.rows)
        tensors["text_places"] = torch.tensor(files.reference_text.places)
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
