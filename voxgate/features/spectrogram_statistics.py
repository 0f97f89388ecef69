"""How loud a training set's spectrograms are: a change of it between two versions is a warning."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch

from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from voxgate.content_cache import ContentCache
from voxgate.features.clip_features import AcceptedClip
from voxgate.types import Wave

__all__ = ["spectrogram_statistics"]

_VERSION = 1


def spectrogram_statistics(
    clips: Iterable[AcceptedClip],
    read_wave: Callable[[AcceptedClip], Wave],
    *,
    preset: Preset,
    cache: ContentCache,
) -> dict[str, float | int]:
    """Return mean and standard deviation of ln(magnitude) over all bins and frames of all clips.

    The format is that of `preset`; sums are cached per clip.
    """
    transform = LinearSpectrogram(preset.n_fft, preset.hop)
    count, total, squares = 0, 0.0, 0.0
    for clip in clips:
        n, first, second = _moments(clip, read_wave, transform, cache)
        count, total, squares = count + n, total + first, squares + second
    mean = total / max(1, count)
    return {
        "n_fft": preset.n_fft,
        "hop": preset.hop,
        "log_mean": round(mean, 4),
        "log_std": round(math.sqrt(max(0.0, squares / max(1, count) - mean**2)), 4),
    }


def _moments(
    clip: AcceptedClip,
    read_wave: Callable[[AcceptedClip], Wave],
    transform: LinearSpectrogram,
    cache: ContentCache,
) -> tuple[int, float, float]:
    """Return the number of values, their sum and the sum of their squares."""
    key = {
        "what": "spectrogram moments",
        "version": _VERSION,
        "audio": clip.audio_sha256,
        "trim": [clip.trim_start, clip.trim_end],
        "format": [transform.n_fft, transform.hop],
    }
    stored = cache.get_json(key)
    if stored is None:
        values = transform(torch.from_numpy(read_wave(clip))[None]).double().log()
        stored = [values.numel(), float(values.sum()), float(values.pow(2).sum())]
        cache.put_json(key, stored)
    count, first, second = stored
    return int(count), float(first), float(second)
