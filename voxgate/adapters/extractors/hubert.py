"""Frozen speech features of the public presets: HuBERT's last hidden state, 50 frames a second.

Source: docs/gpt_sovits.md 2.3. Raw samples go in: the mean and variance normalisation that
HuBERT's own preprocessor would do is not what the tokenizer was made with. Each clip goes through
alone, so that its tokens do not depend on which clips were added beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from voxgate.adapters.assets.store import checked_folder
from voxgate.adapters.extractors.frozen_weights import load_frozen, read_frozen
from voxgate.adapters.extractors.transformers_compat import import_transformers, read_config
from voxgate.adapters.wave_checks import check_waves
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["HubertFeatures", "load_hubert", "preparation_scale"]

Features = NDArray[np.float32]
"""(T, C) float32, T = (samples - 80) // 320."""

_MIN_S = 400 / HEARING_RATE_HZ
"""The receptive field: less gives no frame."""

_RENAMED = {
    "encoder.pos_conv_embed.conv.weight_g": "parametrizations.weight.original0",
    "encoder.pos_conv_embed.conv.weight_v": "parametrizations.weight.original1",
}
"""Weight normalisation was named otherwise when the weights were published."""


class HubertFeatures:
    """Implements training.speech_tokenizer.FeatureExtractor."""

    def __init__(self, network: nn.Module, sha256: str, *, preparation_scale: bool = False) -> None:
        self._network = network
        self._preparation_scale = preparation_scale
        self.sha256 = sha256
        """Digest of the weights, as params.yaml pins it."""

    def extract(self, waves: Sequence[Wave]) -> list[Features]:
        """Return (T, C) float32 features of each 16 kHz wave.

        Raises:
            EvaluatorError: a wave is shorter than 25 ms, or not finite.
        """
        check_waves(waves, min_s=_MIN_S)
        with torch.inference_mode():
            return [self._extract_one(wave) for wave in waves]

    def _extract_one(self, wave: Wave) -> Features:
        if self._preparation_scale:
            wave = preparation_scale(wave)
        hidden: Tensor = self._network(torch.from_numpy(wave)[None]).last_hidden_state  # (1, T, C)
        features: Features = hidden[0].numpy()
        return features


def preparation_scale(wave: Wave) -> Wave:
    """Scale a wave as upstream's training preparation does, and its inference does not.

    Half of it is brought to a peak of 0.95, and all of it multiplied by 1145.14
    (docs/gpt_sovits.md 6.3). Group normalisation takes the factor out again but for its epsilon, so
    that only codes near a decision boundary differ; voxgate feeds both sides samples in [-1, 1].
    """
    peak = float(np.abs(wave).max())
    level = 1145.14 * (0.5 + (0.5 * 0.95 / peak if peak > 0 else 0.0))
    return (wave * np.float32(level)).astype(np.float32)


def load_hubert(
    name: str, *, sha256: str, assets_dir: Path, preparation_scale: bool = False
) -> HubertFeatures:
    """Load HuBERT from a checked folder with `config.json` and its weights.

    Args:
        name: an asset of the catalogue, or a local folder.
        sha256: the digest that params.yaml pins.
        assets_dir: where assets live on this machine.
        preparation_scale: see the function of that name; for tokens as upstream's training
            preparation wrote them.

    Raises:
        WeightsError: the weights are absent, damaged, not the pinned ones, or do not fit.
        AssetError: the package `transformers` is not installed.
    """
    folder = checked_folder(name, sha256, assets_dir)
    transformers = import_transformers()
    config = transformers.HubertConfig(**read_config(folder, "hubert"))
    tensors = {_own_name(key): value for key, value in read_frozen(folder, "hubert").items()}
    network = load_frozen(lambda: transformers.HubertModel(config), tensors, folder)
    return HubertFeatures(network, sha256, preparation_scale=preparation_scale)


def _own_name(key: str) -> str:
    if key not in _RENAMED:
        return key
    return f"{key.rpartition('.')[0]}.{_RENAMED[key]}"
