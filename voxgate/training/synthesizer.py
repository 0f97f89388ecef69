"""S2 in training: tokens, phones and the clip's own timbre become its wave again.

B batch, M tokens, L phones, N = M * samples_per_token samples, F fine frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from models.gpt_sovits.mini_synthesizer import MiniLoss, MiniSynthesizer
from models.gpt_sovits.pitch import estimate_pitch
from models.gpt_sovits.presets import Preset
from models.gpt_sovits.spectrogram import LinearSpectrogram
from models.gpt_sovits.synthesizer import SynthesizerBatch
from voxgate.training.clips import TrainingClip
from voxgate.training.padding import pad_ids
from voxgate.types import Wave

__all__ = ["SynthesizerObjective", "fit_wave"]


@dataclass
class SynthesizerObjective:
    """Spectral, mel and pitch losses of the `mini` synthesizer."""

    preset: Preset
    network: MiniSynthesizer
    name: str = "s2"
    _pitch: dict[str, Tensor] = field(default_factory=dict, init=False, repr=False)
    """Pitch by clip_id: slow to estimate, small to keep (100 floats a second)."""

    def __post_init__(self) -> None:
        self._loss = MiniLoss(self.preset)
        self._spectrogram = LinearSpectrogram(self.preset.n_fft, self.preset.hop)

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by: tokens."""
        return len(clip.tokens)

    def collate(self, clips: Sequence[TrainingClip]) -> SynthesizerBatch:
        """Pad clips to the longest one; the spectrogram is computed here, not stored."""
        codes, code_lengths = pad_ids([clip.tokens for clip in clips])
        phones, phone_lengths = pad_ids([clip.phones for clip in clips])
        samples = codes.shape[1] * self.preset.samples_per_token
        waves = [self._wave(clip) for clip in clips]
        wave = torch.stack([_pad(each, samples) for each in waves])  # (B, N)
        fine_frames = samples // self.network.fine_hop
        pitch = [
            _pad(self._pitch_of(clip, each), fine_frames)
            for clip, each in zip(clips, waves, strict=True)
        ]
        return SynthesizerBatch(
            codes=codes,
            code_lengths=code_lengths,
            phones=phones,
            phone_lengths=phone_lengths,
            spectrogram=self._spectrogram(wave),
            wave=wave,
            pitch_hz=torch.stack(pitch),  # (B, F)
        )

    def losses(
        self, batch: SynthesizerBatch, *, generator: torch.Generator
    ) -> Mapping[str, Tensor]:
        """Return `loss` and its parts."""
        terms = dict(self._loss(self.network(batch, generator=generator)))
        return {"loss": terms.pop("total"), **terms}

    def reference_spectrogram(self, clip: TrainingClip) -> Tensor:
        """Return the (bins, T) spectrogram that gives a voice its timbre."""
        spectrogram: Tensor = self._spectrogram(self._wave(clip)[None])[0]
        return spectrogram

    def _wave(self, clip: TrainingClip) -> Tensor:
        samples = len(clip.tokens) * self.preset.samples_per_token
        return torch.from_numpy(fit_wave(clip.read_wave(), samples))

    def _pitch_of(self, clip: TrainingClip, wave: Tensor) -> Tensor:
        if clip.clip_id not in self._pitch:
            self._pitch[clip.clip_id] = estimate_pitch(
                wave[None], sample_rate_hz=self.preset.sample_rate_hz, hop=self.network.fine_hop
            )[0]
        return self._pitch[clip.clip_id]


def fit_wave(wave: Wave, samples: int) -> Wave:
    """Cut or zero-pad (T,) to exactly `samples`: what the tokens cover, less than 40 ms away."""
    return np.pad(wave[:samples], (0, max(0, samples - len(wave)))).astype(np.float32)


def _pad(values: Tensor, size: int) -> Tensor:
    return torch.nn.functional.pad(values, (0, size - len(values)))
