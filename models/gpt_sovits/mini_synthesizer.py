"""S2 of the `mini` preset: prior frames straight to samples, without posterior or flow.

B batch, M tokens, T = 2 M frames, F fine frames, L phones, N samples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.gpt_sovits.losses import MultiResolutionStftLoss
from models.gpt_sovits.masks import length_mask, random_starts, take_windows
from models.gpt_sovits.presets import Preset, SourceFilterPreset
from models.gpt_sovits.spectrogram import MelSpectrogram
from models.gpt_sovits.synthesizer import Synthesizer, SynthesizerBatch
from models.gpt_sovits.wave_decoder import PITCH_CENTRE_HZ, Acoustics, WaveDecoder

__all__ = ["MiniLoss", "MiniOutputs", "MiniSynthesizer"]


@dataclass(frozen=True, kw_only=True)
class MiniOutputs:
    """One training step's windows, predicted and true."""

    wave: Tensor
    """(B, segment samples) predicted; zero past an item's end."""

    target_wave: Tensor
    """(B, segment samples); zero past an item's end."""

    acoustics: Acoustics
    """Predicted, (B, ..., segment fine frames)."""

    target_pitch_hz: Tensor
    """(B, segment fine frames), 0 where unvoiced."""

    valid: Tensor
    """(B, segment fine frames) bool, false past an item's end."""


class MiniSynthesizer(Synthesizer):
    """Tokens, phones and a reference to a wave, at a size that two CPU cores train."""

    def __init__(self, preset: Preset) -> None:
        wave = preset.synthesizer.wave
        if not isinstance(wave, SourceFilterPreset):
            raise TypeError(f"preset {preset.name} has no source-filter decoder")
        super().__init__(preset.synthesizer, wave.latent)
        self.preset = preset
        self.fine_hop = wave.fine_hop
        self.dec = WaveDecoder(
            wave,
            sample_rate_hz=preset.sample_rate_hz,
            hop=preset.hop,
            inputs=2 * wave.latent,
            timbre=preset.synthesizer.timbre,
        )

    def forward(self, batch: SynthesizerBatch, *, generator: torch.Generator) -> MiniOutputs:
        """Run one training step: the prior over whole items, the decoder over a random window.

        Args:
            batch: the items; `pitch_hz` is required.
            generator: draws windows, dropped texts and noise; the same state gives the same step
                (but for dropout, which uses torch's global generator).

        Raises:
            ValueError: the batch has no pitch.
        """
        if batch.pitch_hz is None:
            raise ValueError("mini trains on pitch: fill SynthesizerBatch.pitch_hz")
        frame_lengths = batch.frames
        mask = length_mask(frame_lengths, batch.spectrogram.shape[-1])
        timbre = self._window_timbre(batch.spectrogram, frame_lengths, generator)
        phones, phone_lengths = self._drop_text(batch, generator)
        prior = self.prior(batch.codes, frame_lengths, phones, phone_lengths, timbre)
        frames = self.sizes.segment_frames
        starts = random_starts(frame_lengths, frames, _uniform(len(mask), generator))
        ratio = self.preset.hop // self.fine_hop
        pitch = take_windows(batch.pitch_hz[:, None], starts * ratio, frames * ratio)[:, 0]
        place = starts[:, None] + torch.arange(frames, device=starts.device)
        valid = place < frame_lengths[:, None]  # (B, segment frames)
        wave, acoustics = self.dec(
            take_windows(prior.moments, starts, frames), timbre, generator=generator, pitch_hz=pitch
        )
        hop = self.preset.hop
        target = take_windows(batch.wave[:, None], starts * hop, frames * hop)[:, 0]
        audible = valid.repeat_interleave(hop, dim=-1)  # (B, segment samples)
        return MiniOutputs(
            wave=wave * audible,
            target_wave=target * audible,
            acoustics=acoustics,
            target_pitch_hz=pitch,
            valid=valid.repeat_interleave(ratio, dim=-1),
        )

    def _window_timbre(
        self, spectrogram: Tensor, lengths: Tensor, generator: torch.Generator
    ) -> Tensor:
        """Encode the timbre of a random window: cheaper, and it cannot depend on the length."""
        size = min(self.sizes.reference_frames or spectrogram.shape[-1], spectrogram.shape[-1])
        starts = random_starts(lengths, size, _uniform(len(lengths), generator))
        window = take_windows(spectrogram, starts, size)
        return self.timbre(window, length_mask(lengths - starts, size))

    def _drop_text(
        self, batch: SynthesizerBatch, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Replace some items' phones by one null phone, so that tokens alone suffice too."""
        if not self.training or not self.sizes.text_dropout:
            return batch.phones, batch.phone_lengths
        draws = _uniform(len(batch.phones), generator)
        dropped = (draws < self.sizes.text_dropout).to(batch.phones.device)
        phones = torch.where(dropped[:, None], self.sizes.null_phone, batch.phones)
        return phones, torch.where(dropped, 1, batch.phone_lengths)

    @torch.no_grad()
    def decode(
        self,
        codes: Tensor,
        phones: Tensor,
        references: Sequence[Tensor],
        *,
        generator: torch.Generator,
        noise_scale: float = 1.0,
        speed: float = 1.0,
    ) -> Tensor:
        """Speak: one item, all of it.

        Args:
            codes: (1, 1, M) int64 semantic tokens.
            phones: (1, L) int64 of the target text (not of the reference's).
            references: spectrograms (1, bins, any length) of the speaker; timbres are averaged.
            generator: draws the noise.
            noise_scale: multiplies the noise part of the excitation.
            speed: above 1 speaks faster.

        Returns:
            (1, N) float32 in [-1, 1]; N = M * samples_per_token at speed 1.
        """
        timbre = self.mean_timbre(references)
        lengths = torch.tensor([2 * codes.shape[-1]], device=codes.device)
        phone_lengths = torch.tensor([phones.shape[-1]], device=codes.device)
        prior = self.prior(codes[:, 0], lengths, phones, phone_lengths, timbre, speed=speed)
        wave, _ = self.dec(prior.moments, timbre, generator=generator, noise_scale=noise_scale)
        bounded: Tensor = wave.clamp(-1, 1)
        return bounded


def _uniform(count: int, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator, device=generator.device)


class MiniLoss(torch.nn.Module):
    """Spectral distance of the waves plus L1 on mel, pitch and voicing."""

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        wave = preset.synthesizer.wave
        if not isinstance(wave, SourceFilterPreset):
            raise TypeError(f"preset {preset.name} has no source-filter decoder")
        self.mel = MelSpectrogram(preset.sample_rate_hz, preset.n_fft, wave.fine_hop, wave.mels)
        self.stft = MultiResolutionStftLoss()

    def forward(self, outputs: MiniOutputs) -> Mapping[str, Tensor]:
        """Return the terms as scalars; "total" is the one to minimise.

        Terms: total, mel (of the wave), stft, predicted_mel, pitch (ln Hz), voicing.
        """
        valid = outputs.valid.float()
        count = valid.sum().clamp(min=1)
        target_mel = self.mel(outputs.target_wave)

        def mean(error: Tensor) -> Tensor:
            return (error * valid).sum() / count

        said = outputs.acoustics
        voiced = (outputs.target_pitch_hz > 0).float()
        log_pitch = (outputs.target_pitch_hz.clamp(min=1.0) / PITCH_CENTRE_HZ).log()
        terms = {
            "mel": mean((self.mel(outputs.wave) - target_mel).abs().mean(1)),
            "stft": self.stft(outputs.wave, outputs.target_wave),
            "predicted_mel": mean((said.mel - target_mel).abs().mean(1)),
            "pitch": mean((said.log_pitch - log_pitch).abs() * voiced),
            "voicing": mean(
                F.binary_cross_entropy_with_logits(said.voicing, voiced, reduction="none")
            ),
        }
        total = sum((_WEIGHTS[name] * term for name, term in terms.items()), valid.new_zeros(()))
        return {"total": total, **terms}


_WEIGHTS = {"mel": 1.0, "stft": 0.5, "predicted_mel": 1.0, "pitch": 1.0, "voicing": 0.2}
