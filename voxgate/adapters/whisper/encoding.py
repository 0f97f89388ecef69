"""Whisper's encoder over a window that fits the clip.

Whisper was trained on windows of 30 s, and its own code always computes 30 s, so that a clip of 2 s
costs as much as one of 30 s. The encoder itself takes any length: positions count from the start.
docs/evaluators.md holds what a shorter window changes. N is a batch size, T counts samples, F mel
frames (100 a second), S encoder positions (50 a second), D is the width of the encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from whisper.audio import log_mel_spectrogram
from whisper.model import AudioEncoder, Whisper

from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = [
    "FULL_WINDOW",
    "MAX_WINDOW_S",
    "POSITIONS_PER_S",
    "SAMPLES_PER_POSITION",
    "WindowPolicy",
    "encode_windows",
    "log_mel",
]

MAX_WINDOW_S = 30
POSITIONS_PER_S = 50
SAMPLES_PER_POSITION = HEARING_RATE_HZ // POSITIONS_PER_S


@dataclass(frozen=True)
class WindowPolicy:
    """Which window a clip gets: the shortest that leaves `margin_s` of silence after it.

    A clip's window depends on nothing but its length, so its result does not depend on which clips
    are measured with it. The longest window needs no margin.
    """

    windows_s: tuple[int, ...]
    margin_s: float

    def window_s(self, n_samples: int) -> int:
        """Return the window for a clip of `n_samples` at 16 kHz."""
        needed_s = n_samples / HEARING_RATE_HZ + self.margin_s
        return next((w for w in sorted(self.windows_s) if w >= needed_s), MAX_WINDOW_S)

    def as_json(self) -> dict[str, object]:
        """Return the policy as JSON values."""
        return {"windows_s": list(self.windows_s), "margin_s": self.margin_s}


FULL_WINDOW = WindowPolicy(windows_s=(MAX_WINDOW_S,), margin_s=0.0)
"""Whisper's own policy."""


def log_mel(wave: Wave, window_s: float, n_mels: int) -> Tensor:
    """Compute Whisper's log-mel features of a wave padded with silence: (n_mels, F).

    Wave by wave: the features are scaled by the loudest frame, which must be the clip's own.
    """
    padded = np.zeros(round(window_s * HEARING_RATE_HZ), dtype=np.float32)
    padded[: len(wave)] = wave
    features: Tensor = log_mel_spectrogram(torch.from_numpy(padded), n_mels)
    return features


def encode_windows(
    network: Whisper, waves: Sequence[Wave], window_s: float, *, layer: int | None = None
) -> Tensor:
    """Encode waves that share a window.

    Args:
        network: the model.
        waves: each (T,) float32 at 16 kHz, T at most the window.
        window_s: the window, at most 30 s.
        layer: return the output of that block (0 is the first) instead of the encoder's output.

    Returns:
        (N, S, D) float32 whatever the encoder computes in, S = 50 * window_s.
    """
    encoder: AudioEncoder = network.encoder
    mels = [log_mel(wave, window_s, network.dims.n_mels) for wave in waves]
    x = torch.stack(mels).to(network.device, encoder.conv1.weight.dtype)  # (N, n_mels, F)
    x = F.gelu(encoder.conv1(x))
    x = F.gelu(encoder.conv2(x)).transpose(1, 2)  # (N, S, D)
    x = (x + encoder.positional_embedding[: x.shape[1]]).to(x.dtype)
    for index, block in enumerate(encoder.blocks):
        x = block(x)
        if index == layer:
            break
    else:
        x = encoder.ln_post(x)
    encoded: Tensor = x.float()
    return encoded
