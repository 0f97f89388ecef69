"""Excitation for the source-filter decoder, and the short-time transform that filters it.

B batch, F fine frames, N = F * hop samples, K = n_fft // 2 + 1 bins.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["harmonic_source", "overlap_add", "short_time_spectrum"]

_NEAR_ZERO = 1e-4


@torch.no_grad()
def harmonic_source(pitch_hz: Tensor, *, hop: int, sample_rate_hz: int) -> Tensor:
    """Sum every harmonic below half the sample rate, at equal amplitude and unit power.

    The closed form of sum(cos(k * phase), k = 1..n) needs two sines a sample however many
    harmonics there are (Dirichlet's kernel).

    Args:
        pitch_hz: (B, F), 0 where unvoiced: silence there.
        hop: samples a frame; the pitch is interpolated linearly between voiced frames.
        sample_rate_hz: rate of the result.

    Returns:
        (B, F * hop) float32.
    """
    hz = _interpolate(pitch_hz, hop)  # (B, N)
    voiced = hz > 0
    # Float64: a float32 sum of 10 s of phase is off by a visible share of a high harmonic.
    phase = (hz.double() / sample_rate_hz).cumsum(-1).frac().float() * (2 * math.pi)
    harmonics = (sample_rate_hz / 2 / hz.clamp(min=1.0)).floor()
    half = (phase / 2).sin()
    kernel = (
        ((harmonics + 0.5) * phase).sin() / torch.where(half.abs() < _NEAR_ZERO, 1.0, half) - 1.0
    ) / 2
    kernel = torch.where(half.abs() < _NEAR_ZERO, harmonics, kernel)
    return torch.where(voiced, kernel * (2 / harmonics.clamp(min=1.0)).sqrt(), 0.0)


def _interpolate(pitch_hz: Tensor, hop: int) -> Tensor:
    """Interpolate inside voiced runs, hold at their edges."""
    held = pitch_hz.repeat_interleave(hop, dim=-1)
    linear = F.interpolate(pitch_hz[:, None], scale_factor=hop, mode="linear")[:, 0]
    shortest = -F.max_pool1d(-pitch_hz[:, None], 3, stride=1, padding=1)[:, 0]
    inside = (shortest > 0).repeat_interleave(hop, dim=-1)
    return torch.where(inside, linear, held)


def short_time_spectrum(wave: Tensor, n_fft: int, hop: int) -> Tensor:
    """Transform (B, N) to (B, N // hop, K) complex; frame t is centred on (t + 0.5) * hop."""
    margin = (n_fft - hop) // 2
    padded = F.pad(wave, (margin, margin))
    window = torch.hann_window(n_fft, device=wave.device)
    frames: Tensor = padded.unfold(-1, n_fft, hop) * window  # (B, F, n_fft)
    spectrum: Tensor = torch.fft.rfft(frames, dim=-1)
    return spectrum


def overlap_add(spectrum: Tensor, n_fft: int, hop: int) -> Tensor:
    """Invert `short_time_spectrum`: (B, F, K) complex → (B, F * hop) float.

    `hop` divides `n_fft`: each frame is cut into n_fft / hop blocks that are added in place.
    """
    window = torch.hann_window(n_fft, device=spectrum.device)
    frames = torch.fft.irfft(spectrum, n=n_fft, dim=-1) * window  # (B, F, n_fft)
    count = spectrum.shape[1]
    wave = _add_blocks(frames, hop)
    envelope = _add_blocks(window.pow(2).expand(1, count, n_fft), hop)
    margin = (n_fft - hop) // 2
    end = margin + count * hop
    return wave[:, margin:end] / envelope[:, margin:end].clamp(min=_NEAR_ZERO)


def _add_blocks(frames: Tensor, hop: int) -> Tensor:
    batch, count, n_fft = frames.shape
    parts = n_fft // hop
    blocks = frames.reshape(batch, count, parts, hop)
    total: Tensor | None = None
    for part in range(parts):
        placed = F.pad(
            blocks[:, :, part], (0, 0, part, parts - 1 - part)
        )  # (B, F + parts - 1, hop)
        total = placed if total is None else total + placed
    assert total is not None
    return total.flatten(1)
