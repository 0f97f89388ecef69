"""Speaker vectors of v2Pro and v2ProPlus: ERes2NetV2 over Kaldi's filter bank.

Source: docs/gpt_sovits.md 2.4: 16 kHz by torchaudio's own sinc resampling, samples in [-1, 1], no
dither, no mean subtraction.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.gpt_sovits.s2.speaker_verification import (
    ERES2NETV2,
    SpeakerNetworkPreset,
    SpeakerVerifier,
)
from voxgate.adapters.assets.store import checked_folder
from voxgate.adapters.extractors.frozen_weights import load_frozen, read_frozen
from voxgate.adapters.speechbrain.torchaudio_compat import import_torchaudio
from voxgate.adapters.wave_checks import check_waves
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["EresNetVectors", "filter_bank", "load_speaker_vectors"]

_MIN_S = 0.025
"""One frame of the filter bank."""


class EresNetVectors:
    """Implements training.speaker_vectors.SpeakerVectors."""

    def __init__(self, network: SpeakerVerifier, sha256: str) -> None:
        self._network = network
        self.sha256 = sha256
        """Digest of the weights, as params.yaml pins it."""

    @property
    def size(self) -> int:
        """D, the size of a vector: 20480 of the published network."""
        return self._network.preset.vector_size

    def compute(self, wave: Wave, sample_rate_hz: int) -> NDArray[np.float32]:
        """Return the (D,) float32 vector of a wave.

        Raises:
            EvaluatorError: it is shorter than 25 ms, or not finite.
        """
        bank = filter_bank(wave, sample_rate_hz, self._network.preset.mels)
        with torch.inference_mode():
            vector: NDArray[np.float32] = self._network(bank[None])[0].numpy()
        return vector


def filter_bank(wave: Wave, sample_rate_hz: int, mels: int = 80) -> Tensor:
    """Return Kaldi's log filter-bank energies: (T,) samples → (frames, mels), 100 a second.

    Raises:
        EvaluatorError: the wave is shorter than 25 ms, or not finite.
    """
    torchaudio = import_torchaudio()
    kaldi = importlib.import_module("torchaudio.compliance.kaldi")
    heard: Tensor = torch.from_numpy(wave)
    if sample_rate_hz != HEARING_RATE_HZ:
        heard = torchaudio.functional.resample(heard, sample_rate_hz, HEARING_RATE_HZ)
    check_waves([heard.numpy()], min_s=_MIN_S)
    bank: Tensor = kaldi.fbank(
        heard[None], num_mel_bins=mels, sample_frequency=HEARING_RATE_HZ, dither=0.0
    )
    return bank


def load_speaker_vectors(
    name: str, *, sha256: str, assets_dir: Path, preset: SpeakerNetworkPreset = ERES2NETV2
) -> EresNetVectors:
    """Load the network from a checked folder.

    Args:
        name: an asset of the catalogue, or a local folder.
        sha256: the digest that params.yaml pins.
        assets_dir: where assets live on this machine.
        preset: sizes of the network.

    Raises:
        WeightsError: the weights are absent, damaged, not the pinned ones, or do not fit.
    """
    folder = checked_folder(name, sha256, assets_dir)
    tensors = read_frozen(folder, "eres2netv2")
    return EresNetVectors(load_frozen(lambda: SpeakerVerifier(preset), tensors, folder), sha256)
