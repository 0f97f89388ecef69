"""Batches for the presets with a flow: clips as tensors, and the random numbers of a step.

B batch, M tokens, T = 2 M frames, C latent channels, N samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s2.flow_synthesizer import FlowDraws
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from voxgate.errors import TrainingError
from voxgate.features.clips import TrainingClip
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.objectives.padding import pad_ids
from voxgate.training.objectives.waves import clip_spectrogram, clip_wave, pad_end

__all__ = ["FlowBatches"]


@dataclass(frozen=True)
class FlowBatches:
    """Makes batches of one preset."""

    preset: Preset

    def collate(self, clips: Sequence[TrainingClip]) -> SynthesizerBatch:
        """Pad clips to the longest one, and to at least the window that a step decodes.

        Each clip's spectrogram is its own, as if it were alone, zero past its end, and in float32
        whatever the precision of the networks.

        Raises:
            TrainingError: a clip cannot be read, or lacks what the preset needs.
        """
        codes, code_lengths = pad_ids([clip.tokens for clip in clips])
        phones, phone_lengths = pad_ids([clip.phones for clip in clips])
        size = max(codes.shape[1], -(-self.preset.synthesizer.segment_frames // 2))  # M
        frames, samples = 2 * size, size * self.preset.samples_per_token
        with torch.autocast("cpu", enabled=False):
            spectrograms = [clip_spectrogram(clip, self.preset) for clip in clips]
        return SynthesizerBatch(
            codes=pad_end(codes, size),
            code_lengths=code_lengths,
            phones=phones,
            phone_lengths=phone_lengths,
            spectrogram=torch.stack([pad_end(each, frames) for each in spectrograms]),
            wave=torch.stack([pad_end(clip_wave(clip, self.preset), samples) for clip in clips]),
            speaker_vector=self._speaker_vectors(clips),
        )

    def draws(self, micro_batch: MicroBatch, batch: SynthesizerBatch) -> FlowDraws:
        """Draw for each clip by its place, so that the micro-batches draw what the whole would."""
        channels = self.preset.flow_vocoder.latent
        noise, windows = [], []
        for generator, frames in zip(micro_batch.generators(), batch.frames.tolist(), strict=True):
            drawn = torch.randn(channels, frames, generator=generator)
            noise.append(pad_end(drawn, batch.spectrogram.shape[-1]))
            windows.append(torch.rand((), generator=generator))
        device = batch.spectrogram.device
        return FlowDraws(
            noise=torch.stack(noise).to(device),  # (B, C, T)
            windows=torch.stack(windows).to(device),  # (B,)
        )

    def _speaker_vectors(self, clips: Sequence[TrainingClip]) -> Tensor | None:
        if not self.preset.synthesizer.speaker_vector:
            return None
        vectors = [clip.speaker_vector for clip in clips if clip.speaker_vector is not None]
        if len(vectors) < len(clips):
            missing = [clip.clip_id for clip in clips if clip.speaker_vector is None]
            raise TrainingError(
                f"the preset {self.preset.name!r} trains on a speaker vector of every clip, and "
                f"build/featurize has none of {', '.join(missing)}; name featurize.speaker_vectors "
                "in params.yaml and run featurize again"
            )
        return torch.from_numpy(np.stack(vectors))  # (B, D)
