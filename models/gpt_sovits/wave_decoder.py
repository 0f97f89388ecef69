"""`mini`'s way from frames to samples: predict mel and pitch, then filter a source.

A neural source-filter vocoder: a pulse train at the predicted pitch and white noise pass through
time-varying filters given in the short-time Fourier domain, so the phase comes from the source and
the networks only shape spectra, which is what a spectral loss can teach.

B batch, C channels of the prior, T frames of 50 Hz, F fine frames (`fine_hop` samples each),
N samples, G width of the timbre vector, K = filter_fft // 2 + 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.presets import SourceFilterPreset
from models.gpt_sovits.source import harmonic_source, overlap_add, short_time_spectrum

__all__ = ["Acoustics", "WaveDecoder"]

PITCH_CENTRE_HZ = 150.0
"""Pitch is predicted as ln(Hz / centre), so that the net's output starts near speech."""

_MAX_LOG_GAIN = 4.0
_START_LOG_GAIN = -2.5


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
    """ConvNeXt blocks under one timbre-given gain and shift: (B, C, T) → (B, T, width)."""

    def __init__(
        self, inputs: int, width: int, *, layers: int, expansion: int, timbre: int
    ) -> None:
        super().__init__()
        self.enter = nn.Conv1d(inputs, width, 3, padding=1)
        self.condition = nn.Linear(timbre, 2 * width)
        self.norm = nn.LayerNorm(width)
        self.blocks = nn.ModuleList(_Block(width, expansion) for _ in range(layers))
        self.leave = nn.LayerNorm(width)

    def forward(self, x: Tensor, timbre: Tensor) -> Tensor:
        gain, shift = self.condition(timbre.transpose(1, 2)).chunk(2, dim=-1)  # (B, 1, width)
        x = self.norm(self.enter(x).transpose(1, 2))
        for block in self.blocks:
            x = block(x, gain, shift)
        out: Tensor = self.leave(x)
        return out


class WaveDecoder(nn.Module):
    """Decode prior frames to samples; intermediate mel, pitch and voicing are outputs too."""

    def __init__(
        self,
        preset: SourceFilterPreset,
        *,
        sample_rate_hz: int,
        hop: int,
        inputs: int,
        timbre: int,
    ) -> None:
        super().__init__()
        self.preset = preset
        self.sample_rate_hz = sample_rate_hz
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
        self.vocoder = _Backbone(
            preset.mels + width,
            preset.vocoder_width,
            layers=preset.vocoder_layers,
            expansion=preset.vocoder_expansion,
            timbre=timbre,
        )
        bins = preset.filter_fft // 2 + 1
        self.to_filters = nn.Linear(preset.vocoder_width, 3 * bins)
        with torch.no_grad():
            self.to_filters.bias.zero_()
            self.to_filters.bias[: 2 * bins] = _START_LOG_GAIN
            self.to_acoustics.bias[: preset.mels] = -5.0  # a typical log-mel of speech

    def predict_acoustics(self, frames: Tensor, timbre: Tensor) -> tuple[Acoustics, Tensor]:
        """Predict mel, pitch and voicing from (B, C, T); the features (B, width, F) come along."""
        hidden = self.acoustic(frames, timbre)  # (B, T, width)
        batch, count, width = hidden.shape
        fine = F.gelu(self.refine(hidden)).view(batch, count * self.ratio, width)  # (B, F, width)
        predicted = self.to_acoustics(fine).transpose(1, 2)  # (B, mels + 2, F)
        mel, log_pitch, voicing = predicted.split([self.preset.mels, 1, 1], dim=1)
        acoustics = Acoustics(mel=mel, log_pitch=log_pitch[:, 0], voicing=voicing[:, 0])
        return acoustics, fine.transpose(1, 2)

    def forward(
        self,
        frames: Tensor,
        timbre: Tensor,
        *,
        generator: torch.Generator,
        pitch_hz: Tensor | None = None,
        noise_scale: float = 1.0,
    ) -> tuple[Tensor, Acoustics]:
        """Decode (B, C, T) frames.

        Args:
            frames: (B, C, T) from the prior.
            timbre: (B, G, 1).
            generator: draws the noise.
            pitch_hz: (B, F) pitch of the source, 0 where unvoiced; None takes the predicted one.
            noise_scale: multiplies the noise source; 1 is what training hears.

        Returns:
            The wave (B, N) with N = F * fine_hop, and the acoustics.
        """
        acoustics, features = self.predict_acoustics(frames, timbre)
        if pitch_hz is None:
            pitch_hz = acoustics.pitch_hz(
                min_hz=self.preset.min_pitch_hz, max_hz=self.preset.max_pitch_hz
            )
        hop = self.preset.fine_hop
        pulses = harmonic_source(pitch_hz, hop=hop, sample_rate_hz=self.sample_rate_hz)
        noise = torch.randn(
            pulses.shape, generator=generator, device=generator.device, dtype=torch.float32
        )
        noise = noise_scale * noise.to(pulses.device)
        voiced_filter, noise_filter = self._filters(acoustics.mel, features, timbre)
        n_fft = self.preset.filter_fft
        spectrum = voiced_filter * short_time_spectrum(pulses, n_fft, hop)
        spectrum = spectrum + noise_filter * short_time_spectrum(noise, n_fft, hop)
        return overlap_add(spectrum, n_fft, hop), acoustics

    def _filters(self, mel: Tensor, features: Tensor, timbre: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.vocoder(torch.cat([mel, features], dim=1), timbre)  # (B, F, width)
        log_gain, noise_log_gain, phase = self.to_filters(hidden).float().chunk(3, dim=-1)
        gain = log_gain.clamp(max=_MAX_LOG_GAIN).exp()
        noise_gain = noise_log_gain.clamp(max=_MAX_LOG_GAIN).exp()
        return torch.polar(gain, phase), noise_gain  # each (B, F, K)
