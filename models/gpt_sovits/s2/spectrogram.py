"""Spectrograms as the networks see them.

Source: docs/gpt_sovits.md 2.1 and 2.2. B batch, N samples, T frames.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["LinearSpectrogram", "MelSpectrogram", "mel_filters"]

_POWER_FLOOR = 1e-8
_MEL_FLOOR = 1e-5


class LinearSpectrogram(nn.Module):
    """Magnitude spectrogram whose frame count is exactly N // hop."""

    window: Tensor

    def __init__(self, n_fft: int, hop: int) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.hop = hop
        self.register_buffer("window", torch.hann_window(n_fft), persistent=False)

    def forward(self, wave: Tensor) -> Tensor:
        """Transform (B, N) float in [-1, 1]: (B, n_fft // 2 + 1, N // hop).

        Raises:
            ValueError: fewer samples than the reflected margin needs.
        """
        margin = (self.n_fft - self.hop) // 2
        if wave.shape[-1] <= margin:
            raise ValueError(
                f"a spectrogram of {self.n_fft}/{self.hop} needs more than {margin} samples, "
                f"got {wave.shape[-1]}; pad the wave"
            )
        padded = F.pad(wave[:, None], (margin, margin), mode="reflect")[:, 0]
        spectrum = torch.stft(
            padded,
            self.n_fft,
            hop_length=self.hop,
            window=self.window,
            center=False,
            return_complex=True,
        )  # (B, bins, T)
        return torch.view_as_real(spectrum).pow(2).sum(-1).add(_POWER_FLOOR).sqrt()


class MelSpectrogram(nn.Module):
    """Natural logarithm of mel-band magnitudes, floored at 1e-5."""

    filters: Tensor

    def __init__(self, sample_rate_hz: int, n_fft: int, hop: int, mels: int) -> None:
        super().__init__()
        self.linear = LinearSpectrogram(n_fft, hop)
        self.register_buffer("filters", mel_filters(sample_rate_hz, n_fft, mels), persistent=False)

    def forward(self, wave: Tensor) -> Tensor:
        """Transform (B, N) to (B, mels, N // hop)."""
        return self.from_linear(self.linear(wave))

    def from_linear(self, spectrogram: Tensor) -> Tensor:
        """Transform a magnitude spectrogram (B, bins, T) to (B, mels, T)."""
        return (self.filters @ spectrogram).clamp(min=_MEL_FLOOR).log()


@lru_cache(maxsize=8)
def mel_filters(sample_rate_hz: int, n_fft: int, mels: int) -> Tensor:
    """Return (mels, n_fft // 2 + 1) triangular filters from 0 Hz to half the rate.

    Slaney's scale (linear to 1 kHz, logarithmic above) and area normalisation, as the losses of
    the public checkpoints use them.
    """
    # kept for every later network: never on the device, perhaps "meta", of the one that asks first
    cpu = torch.device("cpu")
    bins = torch.linspace(0, sample_rate_hz / 2, n_fft // 2 + 1, dtype=torch.float64, device=cpu)
    top = _hz_to_mel(sample_rate_hz / 2)
    edges = _mel_to_hz(torch.linspace(0, top, mels + 2, dtype=torch.float64, device=cpu))
    lower, centre, upper = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (bins - lower) / (centre - lower)
    falling = (upper - bins) / (upper - centre)
    triangles = torch.minimum(rising, falling).clamp(min=0)
    return (triangles * 2 / (upper - lower)).float()


_LINEAR_HZ_PER_MEL = 200 / 3
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _LINEAR_HZ_PER_MEL
_LOG_STEP = math.log(6.4) / 27


def _hz_to_mel(hz: float) -> float:
    if hz < _BREAK_HZ:
        return hz / _LINEAR_HZ_PER_MEL
    return _BREAK_MEL + math.log(hz / _BREAK_HZ) / _LOG_STEP


def _mel_to_hz(mel: Tensor) -> Tensor:
    above = _BREAK_HZ * ((mel - _BREAK_MEL) * _LOG_STEP).exp()
    return torch.where(mel < _BREAK_MEL, mel * _LINEAR_HZ_PER_MEL, above)
