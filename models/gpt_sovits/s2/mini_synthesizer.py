"""S2 of the `mini` preset: prior frames straight to samples, without posterior or flow.

B batch, M tokens, T = 2 M frames, F fine frames, L phones, N samples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.gpt_sovits.masks import length_mask, random_starts, take_windows
from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s2.losses import MultiResolutionStftLoss
from models.gpt_sovits.s2.prior_encoder import Prior
from models.gpt_sovits.s2.spectrogram import MelSpectrogram
from models.gpt_sovits.s2.synthesizer import Synthesizer, SynthesizerBatch
from models.gpt_sovits.s2.wave_decoder import PITCH_CENTRE_HZ, Acoustics, WaveDecoder

__all__ = ["MiniLoss", "MiniOutputs", "MiniSynthesizer"]


@dataclass(frozen=True, kw_only=True)
class MiniOutputs:
    """One training step: acoustics of whole items, and a window of each as samples."""

    acoustics: Acoustics
    """Predicted, (B, ..., F)."""

    target_mel: Tensor
    """(B, mels, F)."""

    target_pitch_hz: Tensor
    """(B, F), 0 where unvoiced."""

    valid: Tensor
    """(B, F) bool, false past an item's end."""

    wave: Tensor
    """(B, segment samples) from the vocoder; zero past an item's end."""

    target_wave: Tensor
    """(B, segment samples); zero past an item's end."""

    window_valid: Tensor
    """(B, segment fine frames) bool."""


class MiniSynthesizer(Synthesizer):
    """Tokens, phones and a reference to a wave, at a size that two CPU cores train."""

    reach_frames = None  # the phase of the pulses runs on from the first frame

    def __init__(self, preset: Preset) -> None:
        wave = preset.source_filter
        super().__init__(preset, wave.latent)
        self.fine_hop = wave.fine_hop
        self.dec = WaveDecoder(
            wave,
            sample_rate_hz=preset.sample_rate_hz,
            n_fft=preset.n_fft,
            hop=preset.hop,
            inputs=2 * wave.latent,
            timbre=preset.synthesizer.timbre,
        )
        self.mel = MelSpectrogram(preset.sample_rate_hz, preset.n_fft, wave.fine_hop, wave.mels)

    def forward(self, batch: SynthesizerBatch, *, generator: torch.Generator) -> MiniOutputs:
        """Run one training step: acoustics of whole items, the vocoder over a random window.

        The vocoder hears the true mel of every other item and the predicted one, without gradient,
        of the rest: it has to serve both.

        Args:
            batch: the items; `pitch_hz` is required.
            generator: draws windows, dropped texts and noise; the same state gives the same step
                (but for dropout, which uses torch's global generator).

        Raises:
            ValueError: the batch has no pitch.
        """
        if batch.pitch_hz is None:
            raise ValueError("mini trains on pitch: fill SynthesizerBatch.pitch_hz")
        timbre = self._window_timbre(batch.spectrogram, batch.frames, generator)
        phones, phone_lengths, alignment = self._drop_text(batch, generator)
        prior = self.prior(
            batch.codes, batch.frames, phones, phone_lengths, timbre, alignment=alignment
        )
        acoustics = self.dec.predict_acoustics(prior.moments, timbre)
        ratio = self.preset.hop // self.fine_hop
        with torch.autocast(batch.wave.device.type, enabled=False):
            target_mel = self.mel(batch.wave)
        windows = self._windows(batch, acoustics, target_mel, generator)
        return MiniOutputs(
            acoustics=acoustics,
            target_mel=target_mel,
            target_pitch_hz=batch.pitch_hz,
            valid=prior.mask.repeat_interleave(ratio, dim=-1),
            **windows,
        )

    def _windows(
        self,
        batch: SynthesizerBatch,
        acoustics: Acoustics,
        target_mel: Tensor,
        generator: torch.Generator,
    ) -> dict[str, Tensor]:
        """Synthesise a window of each item with its true pitch."""
        assert batch.pitch_hz is not None
        frames, hop = self.sizes.segment_frames, self.preset.hop
        ratio = hop // self.fine_hop
        starts = random_starts(batch.frames, frames, _uniform(len(batch.codes), generator))
        true = torch.arange(len(batch.codes), device=starts.device) % 2 == 0
        mel = torch.where(true[:, None, None], target_mel, acoustics.mel.detach())
        wave = self.dec.vocoder(
            take_windows(mel, starts * ratio, frames * ratio),
            take_windows(batch.pitch_hz[:, None], starts * ratio, frames * ratio)[:, 0],
            generator=generator,
        )
        place = starts[:, None] + torch.arange(frames, device=starts.device)
        valid = place < batch.frames[:, None]  # (B, segment frames)
        audible = valid.repeat_interleave(hop, dim=-1)  # (B, segment samples)
        target = take_windows(batch.wave[:, None], starts * hop, frames * hop)[:, 0]
        return {
            "wave": wave * audible,
            "target_wave": target * audible,
            "window_valid": valid.repeat_interleave(ratio, dim=-1),
        }

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
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """Take the text, or only its alignment, away from some items: each has to do alone."""
        if not self.training or not self.sizes.text_dropout:
            return batch.phones, batch.phone_lengths, batch.alignment
        draws = _uniform(len(batch.phones), generator).to(batch.phones.device)
        dropped = draws < self.sizes.text_dropout
        phones = torch.where(dropped[:, None], self.sizes.null_phone, batch.phones)
        lengths = torch.where(dropped, 1, batch.phone_lengths)
        if batch.alignment is None:
            return phones, lengths, None
        loose = draws < self.sizes.text_dropout + self.sizes.alignment_dropout
        return phones, lengths, torch.where(loose[:, None], -1, batch.alignment)

    def _decode_prior(
        self,
        prior: Prior,
        timbre: Tensor,
        *,
        generators: Sequence[torch.Generator],
        noise_scale: float,
    ) -> list[Tensor]:
        waves = []
        for moments, length, own in zip(prior.moments, prior.lengths, generators, strict=True):
            frames = moments[None, :, :length]  # (1, 2 C, T)
            wave = self.dec(frames, timbre, generator=own, noise_scale=noise_scale)  # (1, N)
            waves.append(wave[0].clamp(-1, 1))
        return waves

    def draw_noise(self, frames: int, generator: torch.Generator) -> Tensor:
        """Implement WaveModel: one number a sample, (1, frames * hop)."""
        shape = (1, frames * self.preset.hop)
        drawn = torch.randn(shape, generator=generator, device=generator.device)
        return drawn.to(self.ssl_proj.weight.device)

    def _decode_moments(
        self, moments: Tensor, timbre: Tensor, *, noise: Tensor, noise_scale: float
    ) -> Tensor:
        wave = self.dec(moments, timbre, noise=noise, noise_scale=noise_scale)  # (1, N)
        bounded: Tensor = wave[0].clamp(-1, 1)
        return bounded


def _uniform(count: int, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator, device=generator.device)


class MiniLoss(torch.nn.Module):
    """Spectral distance of the waves plus L1 on mel, pitch and voicing."""

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        wave = preset.source_filter
        self.mel = MelSpectrogram(preset.sample_rate_hz, preset.n_fft, wave.fine_hop, wave.mels)
        self.stft = MultiResolutionStftLoss()

    def forward(self, outputs: MiniOutputs) -> Mapping[str, Tensor]:
        """Return the terms as scalars; "total" is the one to minimise.

        Terms: total; predicted_mel, pitch (ln Hz) and voicing of whole items; mel and stft of the
        windows' waves.
        """
        said, valid = outputs.acoustics, outputs.valid.float()
        voiced = (outputs.target_pitch_hz > 0).float()
        log_pitch = (outputs.target_pitch_hz.clamp(min=1.0) / PITCH_CENTRE_HZ).log()
        unsure = F.binary_cross_entropy_with_logits(said.voicing, voiced, reduction="none")
        heard, wanted = self.mel(outputs.wave), self.mel(outputs.target_wave)
        terms = {
            "predicted_mel": _mean((said.mel - outputs.target_mel).abs().mean(1), valid),
            "pitch": _mean((said.log_pitch - log_pitch).abs(), voiced * valid),
            "voicing": _mean(unsure, valid),
            "mel": _mean((heard - wanted).abs().mean(1), outputs.window_valid.float()),
            "stft": self.stft(outputs.wave, outputs.target_wave),
        }
        total = sum((_WEIGHTS[name] * term for name, term in terms.items()), valid.new_zeros(()))
        return {"total": total, **terms}


def _mean(error: Tensor, weight: Tensor) -> Tensor:
    return (error * weight).sum() / weight.sum().clamp(min=1)


_WEIGHTS = {"predicted_mel": 1.0, "pitch": 0.5, "voicing": 0.2, "mel": 0.5, "stft": 0.25}
