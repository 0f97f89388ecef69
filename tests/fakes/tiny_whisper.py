"""A Whisper of random weights, small enough for any test."""

from __future__ import annotations

import torch
from whisper.model import ModelDimensions, Whisper

_DIMS = ModelDimensions(
    n_mels=80,
    n_audio_ctx=1500,
    n_audio_state=16,
    n_audio_head=2,
    n_audio_layer=1,
    n_vocab=51_865,
    n_text_ctx=48,
    n_text_state=16,
    n_text_head=2,
    n_text_layer=2,
)


def tiny_whisper() -> Whisper:
    """Return the same network each time, in evaluation mode."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        network = Whisper(_DIMS)
        for parameter in network.parameters():
            torch.nn.init.normal_(parameter, std=0.3)
    return network.eval().requires_grad_(False)
