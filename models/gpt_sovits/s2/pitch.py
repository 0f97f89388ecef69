"""Fundamental frequency of speech, by the normalised square difference (McLeod & Wyvill 2005).

B batch, N samples, T frames of `hop` samples.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["estimate_pitch"]

_FIRST_PEAK_SHARE = 0.9
"""The first peak within this share of the highest is the period: later ones are multiples."""

_SILENCE_DB = -45.0
"""Frames this far below the row's loudest frame are unvoiced whatever their shape."""

_MEDIAN_FRAMES = 5


@torch.no_grad()
def estimate_pitch(
    wave: Tensor,
    *,
    sample_rate_hz: int,
    hop: int,
    min_hz: float = 60.0,
    max_hz: float = 500.0,
    voiced_above: float = 0.6,
) -> Tensor:
    """Estimate the pitch of (B, N) waves every `hop` samples.

    Args:
        wave: (B, N) float32 in [-1, 1].
        sample_rate_hz: rate of `wave`.
        hop: samples a frame; frame t is centred on sample (t + 0.5) * hop.
        min_hz: lowest pitch looked for; sets the window to two of its periods.
        max_hz: highest pitch looked for.
        voiced_above: normalised self-similarity at the period from which a frame is voiced.

    Returns:
        (B, N // hop) float32 in Hz, 0 where unvoiced.
    """
    shortest = int(sample_rate_hz / max_hz)
    longest = int(sample_rate_hz / min_hz) + 1
    window = 2 * longest
    frames = _frame(_low_pass(wave, sample_rate_hz), window, hop)  # (B, T, window)
    frames = frames - frames.mean(-1, keepdim=True)
    similarity = _normalised_similarity(frames, longest + 1)  # (B, T, longest + 2)
    period, clarity = _first_strong_peak(similarity, shortest, longest)
    energy_db = 10 * frames.pow(2).mean(-1).clamp(min=1e-12).log10()
    audible = energy_db > energy_db.amax(-1, keepdim=True) + _SILENCE_DB
    voiced = (clarity > voiced_above) & audible
    return _median_voiced(torch.where(voiced, sample_rate_hz / period, 0.0))


def _low_pass(wave: Tensor, sample_rate_hz: int) -> Tensor:
    """Keep about the first kilohertz: a glide detunes high harmonics from period to period."""
    taps = torch.hann_window(sample_rate_hz // 1000 + 1, periodic=False, device=wave.device)
    kernel = (taps / taps.sum())[None, None]
    return F.conv1d(wave[:, None], kernel, padding=kernel.shape[-1] // 2)[:, 0, : wave.shape[-1]]


def _frame(wave: Tensor, window: int, hop: int) -> Tensor:
    count = wave.shape[-1] // hop
    left = window // 2 - hop // 2
    padded = F.pad(wave, (left, window))
    return padded.unfold(-1, window, hop)[:, :count]


def _normalised_similarity(frames: Tensor, lags: int) -> Tensor:
    """Return 2 * sum(x[i] x[i + lag]) / sum(x[i]^2 + x[i + lag]^2) for lag 0..lags."""
    window = frames.shape[-1]
    spectrum = torch.fft.rfft(frames, n=2 * window)
    correlation = torch.fft.irfft(spectrum.abs().pow(2), n=2 * window)[..., : lags + 1]
    energy = F.pad(frames.pow(2).cumsum(-1), (1, 0))  # energy[k] = of the first k samples
    lag = torch.arange(lags + 1, device=frames.device)
    head = energy[..., window - lag]
    tail = energy[..., -1:] - energy[..., lag]
    similarity: Tensor = 2 * correlation / (head + tail).clamp(min=1e-9)
    return similarity


def _first_strong_peak(similarity: Tensor, shortest: int, longest: int) -> tuple[Tensor, Tensor]:
    """Return the period in samples (parabolic interpolation) and its height, each (B, T)."""
    before = similarity[..., shortest - 1 : longest - 1]
    here = similarity[..., shortest:longest]
    after = similarity[..., shortest + 1 : longest + 1]
    peaks = torch.where((here > before) & (here >= after), here, -1.0)
    highest = peaks.amax(-1, keepdim=True)
    index = (peaks >= _FIRST_PEAK_SHARE * highest.clamp(min=0)).to(torch.uint8).argmax(-1)
    at = index[..., None]
    left, mid, right = (x.gather(-1, at)[..., 0] for x in (before, here, after))
    curvature = (left - 2 * mid + right).clamp(max=-1e-6)
    shift = (0.5 * (left - right) / curvature).clamp(-0.5, 0.5)
    return index + shortest + shift, highest[..., 0]


def _median_voiced(pitch: Tensor) -> Tensor:
    """Replace each voiced frame by the median of the voiced frames around it."""
    reach = _MEDIAN_FRAMES // 2
    around = F.pad(pitch, (reach, reach)).unfold(-1, _MEDIAN_FRAMES, 1)  # (B, T, 5)
    known = torch.where(around > 0, around, torch.nan)
    middle = known.nanmedian(-1).values
    return torch.where(pitch > 0, middle, 0.0)
