"""A voice package of the tiny preset, with random weights."""

from __future__ import annotations

import torch

from tests.fakes.tiny_preset import TINY
from tests.fakes.training_set import random_tokenizer
from voxgate.training.networks import build_networks
from voxgate.training.new_voice import DEFAULT_GENERATION
from voxgate.voice.card import Reference, TrainedSteps, VoiceCard
from voxgate.voice.package import VoiceFiles

CARD = VoiceCard(
    schema=1,
    preset="tiny",
    language="en",
    speaker_id="ann",
    sample_rate_hz=16000,
    symbols="v2",
    steps=TrainedSteps(s1=2, s2=3),
    consent_scope="evaluation",
    tokenizer_sha256="t" * 64,
    seed=1,
    base=None,
    reference=Reference(clip_id="00ff", text="One two.", phones=[10, 20, 30, 40]),
    generation=DEFAULT_GENERATION.model_copy(update={"phones_per_second": 10.0}),
)
TEXT = "Bring the kettle."


def voice_files(**changes) -> VoiceFiles:
    tokenizer = {name: torch.from_numpy(value) for name, value in random_tokenizer().items()}
    networks = build_networks(TINY, seed=3, tokenizer=tokenizer)
    parts = {
        "s1": networks.text_to_semantic.state_dict(),
        "s2": networks.synthesizer.state_dict(),
        "reference_tokens": torch.arange(40) % 512,
        "reference_spectrogram": torch.rand(513, 80),
    }
    return VoiceFiles(**(parts | changes))
