"""Frozen speech features for the tokenizer: what Whisper's encoder makes of a clip, 50 a second.

The window is the clip itself: its first blocks tell phones apart as well as in Whisper's own 30 s
(docs/tokenizer.md) in a tenth of the time. Other windows give other numbers, and so other tokens.
Each clip goes through alone, so that its tokens do not depend on which clips were added beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from voxgate.adapters.assets.store import checked_folder
from voxgate.adapters.wave_checks import check_waves
from voxgate.adapters.whisper.encoding import (
    MAX_WINDOW_S,
    POSITIONS_PER_S,
    SAMPLES_PER_POSITION,
    encode_windows,
)
from voxgate.adapters.whisper.model import LoadedWhisper, load_whisper
from voxgate.errors import WeightsError

__all__ = ["WhisperFeatures", "WhisperLayers", "load_feature_extractor"]

Features = NDArray[np.float32]
"""(T, C) float32, T = ceil(samples / 320)."""


class WhisperFeatures:
    """Implements training.speech_tokenizer.FeatureExtractor."""

    def __init__(self, whisper: LoadedWhisper, sha256: str, *, layer: int | None) -> None:
        self._whisper = whisper
        self._layer = layer
        self.sha256 = sha256
        """Digest of the weights, as params.yaml pins it."""

    @property
    def width(self) -> int:
        """C, the number of feature channels."""
        return int(self._whisper.network.dims.n_audio_state)

    def extract(self, waves: Sequence[NDArray[np.float32]]) -> list[Features]:
        """Return (T, C) float32 features of each 16 kHz wave of at most 30 s.

        Raises:
            EvaluatorError: a wave is empty, longer than 30 s, or not finite.
        """
        check_waves(waves, max_s=MAX_WINDOW_S)
        with torch.inference_mode():
            return [self._extract_one(wave) for wave in waves]

    def _extract_one(self, wave: NDArray[np.float32]) -> Features:
        frames = -(-len(wave) // SAMPLES_PER_POSITION)
        encoded = encode_windows(
            self._whisper.network, [wave], frames / POSITIONS_PER_S, layer=self._layer
        )  # (1, T, C)
        features: Features = encoded[0].cpu().numpy().astype(np.float32)
        return features


class WhisperLayers:
    """Implements pretraining.tokenizer.layer_features.LayerExtractor: blocks worth comparing."""

    def __init__(self, extractors: Mapping[str, WhisperFeatures]) -> None:
        self._extractors = dict(extractors)

    def extract_layers(self, wave: NDArray[np.float32]) -> dict[str, Features]:
        """Return (T, C) float32 for each named block."""
        return {name: one.extract([wave])[0] for name, one in self._extractors.items()}


def load_feature_extractor(
    name: str, *, sha256: str, assets_dir: Path, layer: int | None = None
) -> WhisperFeatures:
    """Load the encoder of a Whisper model from a checked folder.

    Args:
        name: a whisper asset of the catalogue, or a local folder.
        sha256: the digest that params.yaml pins.
        assets_dir: where assets live on this machine.
        layer: the block whose output is taken (0 is the first); None is the encoder's own output,
            after its last normalisation.

    Raises:
        WeightsError: the weights are absent, damaged, not the pinned ones, or have no such layer.
    """
    whisper = load_whisper(checked_folder(name, sha256, assets_dir))
    layers = int(whisper.network.dims.n_audio_layer)
    if layer is not None and not 0 <= layer < layers:
        raise WeightsError(f"{name}: no encoder layer {layer}; it has 0 to {layers - 1}")
    return WhisperFeatures(whisper, sha256, layer=layer)
