"""What a voice has before its first step: card and reference clip, from what `featurize` wrote."""

from __future__ import annotations

from pathlib import Path

import torch

from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from voxgate.code_digest import code_digest
from voxgate.features.clips import TrainingClip, read_feature_set
from voxgate.features.text_features import BERT_CARD
from voxgate.files import digest_json, read_json
from voxgate.params import Params, TrainParams
from voxgate.text.lexicons import find_lexicons
from voxgate.training.checkpoints import VoiceReference
from voxgate.training.fit.learner_state import network_state
from voxgate.training.networks import base_digest, start_networks
from voxgate.training.objectives.waves import clip_spectrogram
from voxgate.voice.card import (
    GenerationDefaults,
    Reference,
    TrainedSteps,
    VoiceCard,
    card_document,
)
from voxgate.voice.package import REFERENCE_NAME, VoiceFiles, write_voice

__all__ = [
    "DEFAULT_GENERATION",
    "new_card",
    "new_reference",
    "reference_clip_id",
    "unadapted_inputs",
    "write_unadapted",
]

_PUBLIC_GENERATION = {"repetition_penalty": 1.35, "noise_scale": 0.5}
"""What their presets ask the public checkpoints with (docs/gpt_sovits.md 3.6 and 4.5)."""

DEFAULT_GENERATION = GenerationDefaults(
    prompted=False,  # replaced: see new_card
    # top_k, top_p, temperature: defaults of GPT-SoVITS (docs/gpt_sovits.md 4.5)
    top_k=15,
    top_p=1.0,
    temperature=1.0,
    # GPT-SoVITS takes 1.35, which punishes what speech does: 17 % of the corpus' tokens repeat the
    # one before, 5 % with 1.35 and 15 % with 1 (docs/training.md).
    repetition_penalty=1.0,
    noise_scale=1.0,  # what the decoder of `mini` hears in training
    phones_per_second=12.0,  # replaced by the speaker's own
    max_length_ratio=2.0,  # where evaluation calls the duration a catastrophe
    pause_s=0.2,
)


def reference_clip_id(features_dir: Path) -> str:
    """Return the clip that `featurize` chose as the voice's prompt."""
    clip_id: str = read_json(features_dir / "reference.json")["clip_id"]
    return clip_id


def new_card(
    features_dir: Path, *, preset: Preset, params: TrainParams, reference: TrainingClip
) -> VoiceCard:
    """Return a card that lacks only the steps and the digests of the files."""
    speaker = read_json(features_dir / "reference.json")
    statistics = read_json(features_dir / "statistics.json")
    tokenizer = read_json(features_dir / "tokenizer.json")
    generation = {
        **(_PUBLIC_GENERATION if preset.has_flow else {}),
        "phones_per_second": float(statistics["phones_per_second"]),
        # A clip of the corpus ends where it ends: whoever saw nothing else takes the end of the
        # prompt for the end of speech. A base has learned to go on.
        "prompted": params.base is not None,
    }
    card = VoiceCard(
        schema=1,
        preset=preset.name,
        language=speaker["language"],
        speaker_id=speaker["speaker_id"],
        sample_rate_hz=preset.sample_rate_hz,
        symbols=preset.symbols,
        steps=TrainedSteps(s1=0, s2=0),
        consent_scope=speaker["consent_scope"],
        tokenizer_sha256=tokenizer["sha256"],
        seed=params.seed,
        base=None if params.base is None else base_digest(params.base),
        text_features_sha256=_bert_digest(features_dir),
        reference=Reference(
            clip_id=reference.clip_id,
            text=reference.text,
            phones=[int(phone) for phone in reference.phones],
        ),
        generation=DEFAULT_GENERATION.model_copy(update=generation),
    )
    # Features of before there were several languages do not state them.
    return card.of_languages(speaker.get("languages", [card.language]))


def _bert_digest(features_dir: Path) -> str | None:
    path = features_dir / BERT_CARD
    return str(read_json(path)["sha256"]) if path.is_file() else None


def new_reference(features_dir: Path, clip: TrainingClip, preset: Preset) -> VoiceReference:
    """Return the prompt clip as every package of the voice carries it."""
    vector = clip.speaker_vector
    return VoiceReference(
        tokens=torch.tensor(read_json(features_dir / "reference.json")["prompt_tokens"]),
        spectrogram=clip_spectrogram(clip, preset),
        lexicons={code: path.read_bytes() for code, path in find_lexicons(features_dir).items()},
        speaker_vector=None if vector is None else torch.tensor(vector),  # out of the mapped file
        text=clip.text_features,
    )


def write_unadapted(
    folder: Path, features_dir: Path, *, preset: Preset, params: Params, base_dir: Path
) -> VoiceCard:
    """Write the base itself as a voice of the speaker: nothing but the reference clip is theirs.

    Raises:
        WeightsError: the tokenizer or the base checkpoint is absent or not the pinned one.
        TrainingError: they do not fit the preset or each other.
    """
    clip = read_feature_set(features_dir).clip(reference_clip_id(features_dir))
    networks = start_networks(preset, params, base_dir)
    reference = new_reference(features_dir, clip, preset)
    files = VoiceFiles(
        s1=network_state(networks.text_to_semantic),
        s2=network_state(networks.synthesizer),
        reference_tokens=reference.tokens,
        reference_spectrogram=reference.spectrogram,
        reference_speaker_vector=reference.speaker_vector,
        reference_text=reference.text,
        lexicons=reference.lexicons,
    )
    card = new_card(features_dir, preset=preset, params=params.train, reference=clip)
    return write_voice(folder, card, files)


def unadapted_inputs(card: VoiceCard, features_dir: Path, *, preset: Preset) -> str | None:
    """Name what `write_unadapted` made a package of, the same on every kind of processor.

    The last bits of the reference's spectrogram differ from one processor to the next, so the
    digest of the package does. Here the clip that it is made of (the card has its id, which stands
    for file and preparation), how much of it, and the code that makes it stand in its place;
    everything else in a package is copied or whole numbers. None for a preset whose reference holds
    what a network said of it: there only the package itself is sure.
    """
    clip = read_feature_set(features_dir).clip(reference_clip_id(features_dir))
    if clip.speaker_vector is not None or clip.text_features is not None:
        return None
    stated = card_document(card)
    files = {name: sha256 for name, sha256 in card.files.items() if name != REFERENCE_NAME}
    return digest_json(
        {
            "card": {**stated, "files": files},
            "tokens": read_json(features_dir / "reference.json")["prompt_tokens"],
            "samples": len(clip.read_wave()),
            "spectrogram": [preset.n_fft, preset.hop, code_digest([LinearSpectrogram.__module__])],
        }
    )
