"""S2 of the public checkpoints: posterior, flow and vocoder (v1, v2, v2Pro, v2ProPlus).

Source: docs/gpt_sovits.md 3.5 and 3.6. B batch, M tokens, T = 2 M frames, C latent channels,
L phones, N samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.gpt_sovits.masks import length_mask, random_starts, take_windows
from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s2.prior_encoder import Prior
from models.gpt_sovits.s2.synthesizer import Synthesizer, SynthesizerBatch
from models.gpt_sovits.s2.vocoder import Vocoder
from models.gpt_sovits.s2.wavenet import PosteriorEncoder, ResidualFlow

__all__ = ["FlowDraws", "FlowOutputs", "FlowSynthesizer"]


@dataclass(frozen=True, kw_only=True)
class FlowDraws:
    """The random numbers of one training step."""

    noise: Tensor
    """(B, C, T) standard normal, for the posterior sample."""

    windows: Tensor
    """(B,) in [0, 1): where each item's decoded window starts."""


@dataclass(frozen=True, kw_only=True)
class FlowOutputs:
    """One training step's results."""

    wave: Tensor
    """(B, segment samples) decoded from a window of the posterior sample."""

    starts: Tensor
    """(B,) int64 first frame of the window."""

    mask: Tensor
    """(B, T) bool."""

    latent: Tensor
    """(B, C, T) posterior sample."""

    flowed: Tensor
    """(B, C, T) the same, through the flow."""

    mean: Tensor
    """(B, C, T) of the prior."""

    log_scale: Tensor
    """(B, C, T) of the prior."""

    posterior_mean: Tensor
    """(B, C, T)."""

    posterior_log_scale: Tensor
    """(B, C, T)."""


class FlowSynthesizer(Synthesizer):
    """Tokens, phones and a reference to a wave, through a flow and a HiFi-GAN vocoder."""

    reach_frames = 48
    """4 couplings of 4 layers of kernel 5 reach 32, the vocoder's widest convolutions under 16."""

    def __init__(self, preset: Preset) -> None:
        sizes, wave = preset.synthesizer, preset.flow_vocoder
        super().__init__(preset, wave.latent)
        self.enc_q = PosteriorEncoder(
            sizes.spectrogram_bins,
            wave.latent,
            sizes.hidden,
            wave.posterior_layers,
            timbre=sizes.timbre,
        )
        self.flow = ResidualFlow(wave.latent, sizes.hidden, wave.flow_layers, sizes.timbre)
        self.dec = Vocoder(wave, sizes.timbre)

    def forward(self, batch: SynthesizerBatch, draws: FlowDraws) -> FlowOutputs:
        """Run the generator of one training step."""
        lengths = batch.frames
        mask = length_mask(lengths, batch.spectrogram.shape[-1])
        keep = mask[:, None, :].to(batch.spectrogram.dtype)
        timbre = self.timbre(batch.spectrogram, mask, batch.speaker_vector)
        prior = self.prior(batch.codes, lengths, batch.phones, batch.phone_lengths, timbre)
        mean, log_scale = self.enc_q(batch.spectrogram, keep, timbre)
        latent = (mean + draws.noise * log_scale.exp()) * keep
        starts = random_starts(lengths, self.sizes.segment_frames, draws.windows)
        window = take_windows(latent, starts, self.sizes.segment_frames)
        return FlowOutputs(
            wave=self.dec(window, timbre)[:, 0],
            starts=starts,
            mask=mask,
            latent=latent,
            flowed=self.flow(latent, keep, timbre),
            mean=prior.mean,
            log_scale=prior.log_scale,
            posterior_mean=mean,
            posterior_log_scale=log_scale,
        )

    @torch.no_grad()
    def decode(
        self,
        codes: Tensor,
        phones: Tensor,
        references: Sequence[Tensor],
        *,
        generator: torch.Generator | None = None,
        noise: Tensor | None = None,
        noise_scale: float = 0.5,
        speed: float = 1.0,
        speaker_vectors: Sequence[Tensor] | None = None,
    ) -> Tensor:
        """Speak one item as the public code does, which parity with it is tested by.

        Args:
            codes: (1, 1, M) int64 semantic tokens.
            phones: (1, L) int64 of the target text (not of the reference's).
            references: spectrograms (1, bins, any length) of the speaker; timbres are averaged.
            generator: draws the noise, unless `noise` gives it.
            noise: (1, C, T) standard normal.
            noise_scale: temperature of the prior; 0 takes its mean.
            speed: above 1 speaks faster.
            speaker_vectors: (1, 20480) one a reference, for v2Pro and v2ProPlus.

        Returns:
            (1, N) float32 in [-1, 1]; N = M * samples_per_token at speed 1.

        Raises:
            ValueError: neither generator nor noise came, though noise_scale is not 0.
        """
        timbre = self.mean_timbre(references, speaker_vectors)
        lengths = torch.tensor([2 * codes.shape[-1]], device=codes.device)
        phone_lengths = torch.tensor([phones.shape[-1]], device=codes.device)
        prior = self.prior(codes[:, 0], lengths, phones, phone_lengths, timbre, speed=speed)
        if noise is None and noise_scale:
            if generator is None:
                raise ValueError("decode with noise_scale > 0 needs a generator or the noise")
            noise = self.draw_noise(prior.moments.shape[-1], generator)
        return self._waves(prior, timbre, noise=noise, noise_scale=noise_scale)

    def _decode_prior(
        self,
        prior: Prior,
        timbre: Tensor,
        *,
        generators: Sequence[torch.Generator],
        noise_scale: float,
    ) -> list[Tensor]:
        noise = None
        if noise_scale:
            noise = torch.zeros_like(prior.mean)
            for row, own, length in zip(noise, generators, prior.lengths, strict=True):
                row[:, :length] = self.draw_noise(length, own)[0]
        waves = self._waves(prior, timbre, noise=noise, noise_scale=noise_scale)
        samples = [length * self.preset.hop for length in prior.lengths]
        return [wave[:count] for wave, count in zip(waves, samples, strict=True)]

    def _waves(
        self, prior: Prior, timbre: Tensor, *, noise: Tensor | None, noise_scale: float
    ) -> Tensor:
        """Sample the prior and decode it, row by row alone: (B, N), without sound in the padding.

        Attention, convolutions and noise stay inside a row. `noise` is (B, C, T).
        """
        latent = prior.mean
        if noise is not None:
            latent = latent + noise * (prior.log_scale.exp() * noise_scale)
        keep = prior.mask[:, None, :].to(latent.dtype)  # (B, 1, T)
        latent = self.flow(latent * keep, keep, timbre, inverse=True)
        padded = len(set(prior.lengths)) > 1
        waves: Tensor = self.dec(latent * keep, timbre, keep if padded else None)[:, 0]
        return waves

    def draw_noise(self, frames: int, generator: torch.Generator) -> Tensor:
        """Implement WaveModel: (1, C, frames), drawn frame by frame so that pieces fit."""
        shape = (frames, self.preset.flow_vocoder.latent)
        drawn = torch.randn(shape, generator=generator, device=generator.device)
        return drawn.t()[None].to(self.ssl_proj.weight.device)

    def _decode_moments(
        self, moments: Tensor, timbre: Tensor, *, noise: Tensor, noise_scale: float
    ) -> Tensor:
        mean, log_scale = moments.chunk(2, dim=1)  # (1, C, T) each
        latent = mean + noise * (log_scale.exp() * noise_scale)
        latent = self.flow(latent, torch.ones_like(latent[:, :1]), timbre, inverse=True)
        wave: Tensor = self.dec(latent, timbre)[0, 0]  # (N,)
        return wave
