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
from models.gpt_sovits.presets import FlowVocoderPreset, Preset
from models.gpt_sovits.s2.synthesizer import Segment, Synthesizer, SynthesizerBatch
from models.gpt_sovits.s2.vocoder import Vocoder
from models.gpt_sovits.s2.wavenet import PosteriorEncoder, ResidualFlow

__all__ = ["FlowDraws", "FlowOutputs", "FlowSynthesizer"]

_REACH_FRAMES = 48
"""Frames to either side that a sample depends on: 4 couplings of 4 layers of kernel 5 reach 32, the
vocoder's widest convolutions less than 16."""


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

    def __init__(self, preset: Preset) -> None:
        sizes, wave = preset.synthesizer, preset.synthesizer.wave
        if not isinstance(wave, FlowVocoderPreset):
            raise TypeError(f"preset {preset.name} has no flow and vocoder")
        super().__init__(sizes, wave.latent)
        self.preset = preset
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
        """Speak: one item, all of it.

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
        latent = prior.mean
        if noise_scale:
            if noise is None:
                if generator is None:
                    raise ValueError("decode with noise_scale > 0 needs a generator or the noise")
                noise = self.draw_noise(latent.shape[-1], generator)
            latent = latent + noise * (prior.log_scale.exp() * noise_scale)
        keep = prior.mask[:, None, :].to(latent.dtype)
        latent = self.flow(latent, keep, timbre, inverse=True)
        wave: Tensor = self.dec(latent * keep, timbre)[:, 0]
        return wave

    @torch.no_grad()
    def decode_segments(
        self,
        segments: Sequence[Segment],
        timbre: Tensor,
        *,
        noise_scale: float = 0.5,
        speed: float = 1.0,
    ) -> list[Tensor]:
        """Speak several sentences in one padded pass.

        Each comes out as `decode` gives it alone (but for rounding): attention, convolutions and
        noise stay inside a sentence. `timbre` is (1, timbre, 1), see `mean_timbre`.

        Returns:
            One wave (N,) float32 in [-1, 1] a sentence, in order.
        """
        prior = self.segments_prior(segments, timbre, speed=speed)
        latent = prior.mean
        if noise_scale:
            noise = torch.zeros_like(latent)
            for row, segment, length in zip(noise, segments, prior.lengths, strict=True):
                row[:, :length] = self.draw_noise(length, segment.generator)[0]
            latent = latent + noise * (prior.log_scale.exp() * noise_scale)
        keep = prior.mask[:, None, :].to(latent.dtype)
        latent = self.flow(latent * keep, keep, timbre, inverse=True)
        padded = len(set(prior.lengths)) > 1
        waves = self.dec(latent * keep, timbre, keep if padded else None)[:, 0]
        samples = [length * self.preset.hop for length in prior.lengths]
        return [wave[:count] for wave, count in zip(waves, samples, strict=True)]

    def draw_noise(self, frames: int, generator: torch.Generator) -> Tensor:
        """Draw the noise of `frames` frames (1, C, frames), frame by frame.

        So drawing it in pieces gives what drawing it at once gives.
        """
        wave = self.sizes.wave
        assert isinstance(wave, FlowVocoderPreset)
        drawn = torch.randn((frames, wave.latent), generator=generator, device=generator.device)
        return drawn.t()[None].to(self.ssl_proj.weight.device)

    @torch.no_grad()
    def decode_frames(
        self,
        moments: Tensor,
        timbre: Tensor,
        *,
        noise: Tensor,
        noise_scale: float,
        first_frame: int,
    ) -> Tensor:
        """Turn the frames from `first_frame` on to samples; for streaming.

        Earlier frames are read as far as the convolutions reach, so that what comes out is the end
        of what all frames together give.

        Args:
            moments: (1, 2 C, T) of the prior.
            timbre: (1, timbre, 1).
            noise: (1, C, T) standard normal.
            noise_scale: as in `decode`.
            first_frame: below T.

        Returns:
            (N,) float32 in [-1, 1].
        """
        start = max(0, first_frame - _REACH_FRAMES)
        mean, log_scale = moments[:, :, start:].chunk(2, dim=1)
        latent = mean + noise[:, :, start:] * (log_scale.exp() * noise_scale)
        latent = self.flow(latent, torch.ones_like(latent[:, :1]), timbre, inverse=True)
        wave: Tensor = self.dec(latent, timbre)[0, 0]
        return wave[(first_frame - start) * self.preset.hop :]
