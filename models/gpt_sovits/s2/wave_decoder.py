"""`mini`'s way from frames to samples: predict mel and pitch, then filter a source.

A neural source-filter vocoder: a pulse train at the predicted pitch and white noise pass through
time-varying filters given in the short-time Fourier domain, so the phase comes from the source and
the networks only shape spectra, which is what a spectral loss can teach. The mel spectrogram,
spread over the bins, is the filter that training starts from; the vocoder knows no speaker.

B batch, C channels of the prior, T frames of 50 Hz, F fine frames (`fine_hop` samples each),
N samples, G width of the timbre vector, K = filter_fft // 2 + 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.presets import SourceFilterPreset
from models.gpt_sovits.s2.source import harmonic_source, overlap_add, short_time_spectrum
from models.gpt_sovits.s2.spectrogram import mel_filters

__all__ = ["Acoustics", "SourceFilterVocoder", "WaveDecoder"]

PITCH_CENTRE_HZ = 150.0
"""Pitch is predicted as ln(Hz / centre), so that the net's output starts near speech."""

_MAX_LOG_GAIN = 6.0
_TYPICAL_LOG_MEL = -5.0
_LOG_MEL_SPREAD = 2.5


@dataclass(frozen=True, kw_only=True)
class Acoustics:
    """Intermediate targets, one value a fine frame."""

    mel: Tensor
    """(B, mels, F) natural log."""

    log_pitch: Tensor
    """(B, F), ln(Hz / 150)."""

    voicing: Tensor
    """(B, F) logit of being voiced."""

    def pitch_hz(self, *, min_hz: float, max_hz: float) -> Tensor:
        """Return (B, F) in Hz inside the bounds, 0 where unvoiced; without gradient."""
        pitch = (PITCH_CENTRE_HZ * self.log_pitch.detach().exp()).clamp(min_hz, max_hz)
        return torch.where(self.voicing.detach() > 0, pitch, 0.0)


class _Block(nn.Module):
    """ConvNeXt block over (B, T, C) (Liu et al. 2022; in one dimension as in Vocos)."""

    def __init__(self, width: int, expansion: int, kernel: int = 7) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, expansion * width)
        self.narrow = nn.Linear(expansion * width, width)
        self.scale = nn.Parameter(torch.full((width,), 0.2))

    def forward(self, x: Tensor, gain: Tensor, shift: Tensor) -> Tensor:
        mixed = self.depthwise(x.transpose(1, 2)).transpose(1, 2)
        mixed = self.norm(mixed) * (1 + gain) + shift
        out: Tensor = x + self.scale * self.narrow(F.gelu(self.widen(mixed)))
        return out


class _Backbone(nn.Module):
    """ConvNeXt blocks: (B, C, T) → (B, T, width); a timbre gives all of them a gain and a shift."""

    def __init__(
        self, inputs: int, width: int, *, layers: int, expansion: int, timbre: int = 0
    ) -> None:
        super().__init__()
        self.enter = nn.Conv1d(inputs, width, 3, padding=1)
        self.condition = nn.Linear(timbre, 2 * width) if timbre else None
        self.norm = nn.LayerNorm(width)
        self.blocks = nn.ModuleList(_Block(width, expansion) for _ in range(layers))
        self.leave = nn.LayerNorm(width)

    def forward(self, x: Tensor, timbre: Tensor | None = None) -> Tensor:
        gain = shift = x.new_zeros(())
        if self.condition is not None:
            assert timbre is not None
            gain, shift = self.condition(timbre.transpose(1, 2)).chunk(2, dim=-1)  # (B, 1, width)
        x = self.norm(self.enter(x).transpose(1, 2))
        for block in self.blocks:
            x = block(x, gain, shift)
        out: Tensor = self.leave(x)
        return out


class SourceFilterVocoder(nn.Module):
    """Mel and pitch to samples, for any speaker."""

    spread: Tensor
    band_log_sum: Tensor

    def __init__(self, preset: SourceFilterPreset, *, sample_rate_hz: int, n_fft: int) -> None:
        super().__init__()
        self.preset = preset
        self.sample_rate_hz = sample_rate_hz
        self.backbone = _Backbone(
            preset.mels + 2,
            preset.vocoder_width,
            layers=preset.vocoder_layers,
            expansion=preset.vocoder_expansion,
        )
        bins = preset.filter_fft // 2 + 1
        self.to_filters = nn.Linear(preset.vocoder_width, 3 * bins)
        nn.init.normal_(self.to_filters.weight, std=0.01)
        nn.init.zeros_(self.to_filters.bias)
        filters = mel_filters(sample_rate_hz, n_fft, preset.mels)
        self.register_buffer("spread", _spread(filters, bins), persistent=False)
        self.register_buffer("band_log_sum", filters.sum(1).log(), persistent=False)

    def forward(
        self,
        mel: Tensor,
        pitch_hz: Tensor,
        *,
        generator: torch.Generator | None = None,
        noise: Tensor | None = None,
        noise_scale: float = 1.0,
    ) -> Tensor:
        """Synthesise.

        Args:
            mel: (B, mels, F) natural log, as spectrogram.MelSpectrogram gives it.
            pitch_hz: (B, F), 0 where unvoiced.
            generator: draws the noise, unless `noise` gives it.
            noise: (B, F * fine_hop) standard normal.
            noise_scale: multiplies the noise source; 1 is what training hears.

        Returns:
            (B, F * fine_hop).

        Raises:
            ValueError: neither generator nor noise came.
        """
        n_fft, hop = self.preset.filter_fft, self.preset.fine_hop
        pulses = harmonic_source(pitch_hz, hop=hop, sample_rate_hz=self.sample_rate_hz)
        if noise is None:
            if generator is None:
                raise ValueError("the noise source needs a generator or the noise itself")
            noise = torch.randn(
                pulses.shape, generator=generator, device=generator.device, dtype=torch.float32
            )
        noise = noise_scale * noise.to(pulses.device)
        voiced_filter, noise_filter = self._filters(mel, pitch_hz)
        spectrum = voiced_filter * short_time_spectrum(pulses, n_fft, hop)
        spectrum = spectrum + noise_filter * short_time_spectrum(noise, n_fft, hop)
        return overlap_add(spectrum, n_fft, hop)

    def _filters(self, mel: Tensor, pitch_hz: Tensor) -> tuple[Tensor, Tensor]:
        voiced = (pitch_hz > 0).to(mel.dtype)
        log_pitch = (pitch_hz.clamp(min=1.0) / PITCH_CENTRE_HZ).log() * voiced
        scaled = (mel - _TYPICAL_LOG_MEL) / _LOG_MEL_SPREAD
        hidden = self.backbone(torch.cat([scaled, torch.stack([log_pitch, voiced], 1)], dim=1))
        log_gain, noise_log_gain, phase = self.to_filters(hidden).float().chunk(3, dim=-1)
        envelope = (mel.transpose(1, 2).float() - self.band_log_sum) @ self.spread  # (B, F, K)
        # A source of unit power has a short-time magnitude of about sqrt(window energy).
        envelope = envelope - 0.5 * math.log(3 / 8 * self.preset.filter_fft)
        # Where there is a pitch the noise starts 10 dB below the harmonics.
        noise_start = envelope - 1.2 * voiced[:, :, None]
        gain = (envelope + log_gain).clamp(max=_MAX_LOG_GAIN).exp()
        noise_gain = (noise_start + noise_log_gain).clamp(max=_MAX_LOG_GAIN).exp()
        return torch.polar(gain, phase), noise_gain  # each (B, F, K)


def _spread(filters: Tensor, bins: int) -> Tensor:
    """Return (mels, bins) weights that interpolate between the bands' centres."""
    places = torch.linspace(0, 1, filters.shape[1], device=filters.device)
    centres = (filters * places).sum(1) / filters.sum(1)  # (mels,), share of half the rate
    at = torch.linspace(0, 1, bins, device=filters.device)
    upper = torch.searchsorted(centres, at).clamp(1, len(centres) - 1)
    low, high = centres[upper - 1], centres[upper]
    share = ((at - low) / (high - low)).clamp(0, 1)
    band = torch.arange(len(centres), device=filters.device)[:, None]
    return torch.where(band == upper, share, torch.where(band == upper - 1, 1 - share, 0.0))


class WaveDecoder(nn.Module):
    """Decode prior frames to samples; intermediate mel, pitch and voicing are outputs too."""

    def __init__(
        self,
        preset: SourceFilterPreset,
        *,
        sample_rate_hz: int,
        n_fft: int,
        hop: int,
        inputs: int,
        timbre: int,
    ) -> None:
        super().__init__()
        self.preset = preset
        self.ratio = hop // preset.fine_hop
        width = preset.acoustic_width
        self.acoustic = _Backbone(
            inputs,
            width,
            layers=preset.acoustic_layers,
            expansion=preset.acoustic_expansion,
            timbre=timbre,
        )
        self.refine = nn.Linear(width, self.ratio * width)
        self.to_acoustics = nn.Linear(width, preset.mels + 2)
        with torch.no_grad():
            self.to_acoustics.bias[: preset.mels] = _TYPICAL_LOG_MEL
        self.vocoder = SourceFilterVocoder(preset, sample_rate_hz=sample_rate_hz, n_fft=n_fft)

    def predict_acoustics(self, frames: Tensor, timbre: Tensor) -> Acoustics:
        """Predict mel, pitch and voicing from (B, C, T) frames and a (B, G, 1) timbre."""
        hidden = self.acoustic(frames, timbre)  # (B, T, width)
        batch, count, width = hidden.shape
        fine = F.gelu(self.refine(hidden)).view(batch, count * self.ratio, width)  # (B, F, width)
        predicted = self.to_acoustics(fine).transpose(1, 2)  # (B, mels + 2, F)
        mel, log_pitch, voicing = predicted.split([self.preset.mels, 1, 1], dim=1)
        return Acoustics(mel=mel, log_pitch=log_pitch[:, 0], voicing=voicing[:, 0])

    def forward(
        self,
        frames: Tensor,
        timbre: Tensor,
        *,
        generator: torch.Generator | None = None,
        noise: Tensor | None = None,
        noise_scale: float = 1.0,
    ) -> Tensor:
        """Decode (B, C, T) frames to (B, N) samples; arguments as of both halves."""
        acoustics = self.predict_acoustics(frames, timbre)
        pitch_hz = acoustics.pitch_hz(
            min_hz=self.preset.min_pitch_hz, max_hz=self.preset.max_pitch_hz
        )
        wave: Tensor = self.vocoder(
            acoustics.mel, pitch_hz, generator=generator, noise=noise, noise_scale=noise_scale
        )
        return wave
