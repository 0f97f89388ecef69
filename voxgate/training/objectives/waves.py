"""The audio of a clip as training sees it: exactly what its tokens cover."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from voxgate.errors import StageError, TrainingError
from voxgate.features.clips import TrainingClip
from voxgate.types import Wave

__all__ = ["clip_spectrogram", "clip_wave", "fit_wave", "pad_end"]

_MAX_DIFFERENCE_TOKENS = 3
"""Extractors drop less than that at a clip's end; a wrong sample rate is off by far more."""


def clip_wave(clip: TrainingClip, preset: Preset) -> Tensor:
    """Read a clip: (tokens * samples_per_token,) float32 in [-1, 1].

    Raises:
        TrainingError: it cannot be read, or its length is not that of its tokens.
    """
    try:
        wave = clip.read_wave()
    except (StageError, OSError) as error:
        raise TrainingError(f"clip {clip.clip_id}: its audio cannot be read: {error}") from error
    samples = len(clip.tokens) * preset.samples_per_token
    if abs(len(wave) - samples) > _MAX_DIFFERENCE_TOKENS * preset.samples_per_token:
        raise TrainingError(
            f"clip {clip.clip_id}: its {len(clip.tokens)} tokens are {samples} samples at the "
            f"{preset.sample_rate_hz} Hz of the preset {preset.name!r}, but its audio has "
            f"{len(wave)}; set ingest.sample_rate_hz in params.yaml to the preset's rate"
        )
    return torch.from_numpy(fit_wave(wave, samples))


def clip_spectrogram(clip: TrainingClip, preset: Preset) -> Tensor:
    """Return the (bins, T) linear magnitudes of a clip, two frames a token.

    Raises:
        TrainingError: see `clip_wave`.
    """
    linear = LinearSpectrogram(preset.n_fft, preset.hop)
    spectrogram: Tensor = linear(clip_wave(clip, preset)[None])[0]
    return spectrogram


def fit_wave(wave: Wave, samples: int) -> Wave:
    """Cut or zero-pad (T,) to exactly `samples`: what the tokens cover, less than 40 ms away."""
    return np.pad(wave[:samples], (0, max(0, samples - len(wave)))).astype(np.float32)


def pad_end(values: Tensor, size: int) -> Tensor:
    """Zero-pad the last axis to `size`."""
    return torch.nn.functional.pad(values, (0, size - values.shape[-1]))
