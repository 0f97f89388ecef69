"""From a voice package to a voice: verify it, load its networks, and put the chain together.

Loads torch and the networks, and neither the speech tokenizer nor any evaluator: who wants to speak
after a recording of their own hands the tokenizer in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import safetensors.torch
from torch import nn

from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.presets import Preset, preset
from models.gpt_sovits.s1.linear_forms import Precision
from models.gpt_sovits.s1.speaking_transformer import prepare_to_speak
from models.gpt_sovits.s1.token_model import TokenModel
from models.gpt_sovits.s2.wave_model import WaveModel
from models.gpt_sovits.weight_norm import fold_weight_norm
from voxgate.errors import VoiceError
from voxgate.speaking.characters import packaged_characters
from voxgate.speaking.decoding import SentenceDecoder
from voxgate.speaking.reading import packaged_reader
from voxgate.speaking.reference import packaged_reference
from voxgate.speaking.token_sampling import TokenSampler
from voxgate.speaking.voice import GptSovitsVoice
from voxgate.voice.card import CARD_NAME, VoiceCard, read_voice_card
from voxgate.voice.package import S1_NAME, S2_NAME, verify_voice
from voxgate.voice.speaker_vectors import SpeakerVectors
from voxgate.voice.speech_tokenizer import SpeechTokenizer
from voxgate.voice.text_features import TextFeatures

__all__ = ["load_voice"]

_BATCH_SENTENCES = 8
"""Sentences whose tokens are made at once; bounds memory on long texts."""


def load_voice(
    folder: Path,
    *,
    threads: int | None = None,
    device: str = "cpu",
    precision: Precision = "float32",
    tokenizer: SpeechTokenizer | None = None,
    speaker_vectors: SpeakerVectors | None = None,
    text_features: TextFeatures | None = None,
) -> GptSovitsVoice:
    """Load a voice package after verifying every file of it.

    The same text, seed, options, precision, number of threads and machine give the same audio.

    Args:
        folder: the package.
        threads: number of torch threads while it speaks; None leaves what is set.
        device: where it speaks.
        precision: of S1's weights; docs/benchmarks.md says what each gains and changes.
        tokenizer: makes prompts of a caller's recordings; the one that the voice was trained with.
        speaker_vectors: makes v2Pro's and v2ProPlus's speaker vectors of them.
        text_features: the BERT that the voice was trained with, if it was with one; without it,
            the voice cannot speak Chinese.

    Raises:
        WeightsError: a file is absent or is not the one that voice.json names.
        VoiceError: the folder is no voice package, its weights do not fit its preset, or it was
            trained with another tokenizer or BERT.
        TextError: the voice's language has no front end, or its lexicon is no text.
    """
    card = read_voice_card(folder)
    verify_voice(folder, card)
    chosen = _preset(folder, card)
    if tokenizer is not None and tokenizer.sha256 != card.tokenizer_sha256:
        raise VoiceError(
            f"{folder}: trained on tokens of tokenizer {card.tokenizer_sha256}, got "
            f"{tokenizer.sha256}: they mean different sounds; load the one that the card names"
        )
    return GptSovitsVoice(
        card=card,
        preset=chosen,
        reader=packaged_reader(folder, card),
        sampler=TokenSampler(
            model=_token_model(folder, chosen, precision, device),
            defaults=card.generation,
            tokens_per_s=chosen.tokens_per_s,
        ),
        decoder=SentenceDecoder(
            model=_wave_model(folder, chosen, device),
            card=card,
            # Padding costs a processor more than it saves (docs/benchmarks.md), at the same sound.
            rows=1 if device == "cpu" else None,
        ),
        reference=packaged_reference(folder, card, device=device),
        tokenizer=tokenizer,
        speaker_vectors=speaker_vectors,
        characters=packaged_characters(folder, card, chosen, text_features, device=device),
        # the rows of an int8 layer share the scale of its inputs, and sentences must share nothing
        batch_sentences=1 if precision == "int8" else _BATCH_SENTENCES,
        threads=threads,
        device=device,
    )


def _preset(folder: Path, card: VoiceCard) -> Preset:
    try:
        return preset(card.preset)
    except ValueError as error:
        raise VoiceError(f"{folder / CARD_NAME}: {error}") from error


def _token_model(folder: Path, chosen: Preset, precision: Precision, device: str) -> TokenModel:
    """Load S1 and bring it into the form in which it speaks; it cannot be trained any more."""
    network = _loaded(build_text_to_semantic(chosen), folder / S1_NAME, device)
    try:
        prepare_to_speak(network, precision)
    except ValueError as error:
        raise VoiceError(f"{folder}: {error}") from error
    return network


def _wave_model(folder: Path, chosen: Preset, device: str) -> WaveModel:
    """Load S2 in the same way."""
    network = _loaded(build_synthesizer(chosen), folder / S2_NAME, device)
    fold_weight_norm(network)
    return network


_Network = TypeVar("_Network", bound=nn.Module)


def _loaded(network: _Network, path: Path, device: str) -> _Network:
    try:
        # load_state_dict copies into the float32 parameters, whatever the file's precision
        network.load_state_dict(safetensors.torch.load_file(path), strict=True)
    except RuntimeError as error:
        raise VoiceError(f"{path} does not fit its preset: {error}") from error
    return network.to(device).eval()
