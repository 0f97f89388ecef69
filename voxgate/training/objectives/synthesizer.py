"""S2 in training: tokens, phones and the clip's own timbre become its wave again.

B batch, M tokens, L phones, N = M * samples_per_token samples, F fine frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import torch
from torch import Tensor

from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s1.token_model import TokenNetwork
from models.gpt_sovits.s2.mini_synthesizer import MiniLoss, MiniSynthesizer
from models.gpt_sovits.s2.pitch import estimate_pitch
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from voxgate.features.clips import TrainingClip
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.objectives.padding import pad_ids
from voxgate.training.objectives.waves import clip_wave, pad_end

__all__ = ["SynthesizerObjective"]


@dataclass
class SynthesizerObjective:
    """Spectral, mel and pitch losses of the `mini` synthesizer."""

    preset: Preset
    network: MiniSynthesizer
    aligner: TokenNetwork | None = None
    """S1 as it is when S2 trains. Unless it aligns S2 finds the phones of a frame by itself."""

    name: str = "s2"
    pitch: dict[str, Tensor] = field(default_factory=dict, repr=False)
    """(F,) by clip_id, estimated where absent: slow to find, small to keep (100 floats a
    second)."""

    def __post_init__(self) -> None:
        self._loss = MiniLoss(self.preset).to(next(self.network.parameters()).device)
        self._spectrogram = LinearSpectrogram(self.preset.n_fft, self.preset.hop)

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by: tokens."""
        return len(clip.tokens)

    def collate(self, clips: Sequence[TrainingClip]) -> SynthesizerBatch:
        """Pad clips to the longest one; spectrogram and pitch are computed here, not stored.

        In float32, whatever the precision of the networks.
        """
        with torch.autocast("cpu", enabled=False):
            return self._collate(clips)

    def _collate(self, clips: Sequence[TrainingClip]) -> SynthesizerBatch:
        codes, code_lengths = pad_ids([clip.tokens for clip in clips])
        phones, phone_lengths = pad_ids([clip.phones for clip in clips])
        samples = codes.shape[1] * self.preset.samples_per_token
        waves = [clip_wave(clip, self.preset) for clip in clips]
        wave = torch.stack([pad_end(each, samples) for each in waves])  # (B, N)
        fine_frames = samples // self.network.fine_hop
        pitch = [
            pad_end(self._pitch_of(clip, each), fine_frames)
            for clip, each in zip(clips, waves, strict=True)
        ]
        return SynthesizerBatch(
            codes=codes,
            code_lengths=code_lengths,
            phones=phones,
            phone_lengths=phone_lengths,
            alignment=self._alignment(phones, phone_lengths, codes, code_lengths),
            spectrogram=self._spectrogram(wave),
            wave=wave,
            pitch_hz=torch.stack(pitch),  # (B, F)
        )

    def losses(self, micro_batch: MicroBatch, generator: torch.Generator) -> Mapping[str, Tensor]:
        """Return the micro-batch's share of `loss` and its parts.

        One part, the spectral convergence in `stft`, is a ratio over the batch: of a batch in
        micro-batches it is the micro-batches' mean.
        """
        device = next(self.network.parameters()).device
        outputs = self.network(self.collate(micro_batch.clips).to(device), generator=generator)
        with torch.autocast(device.type, enabled=False):
            terms = dict(self._loss(_in_float32(outputs)))
        return {
            name: value * micro_batch.clip_share
            for name, value in {"loss": terms.pop("total"), **terms}.items()
        }

    def _alignment(self, *ids_and_lengths: Tensor) -> Tensor | None:
        if self.aligner is None:
            return None
        device = next(self.aligner.parameters()).device
        found = self.aligner.align(*(each.to(device) for each in ids_and_lengths))
        return None if found is None else found.cpu()

    def _pitch_of(self, clip: TrainingClip, wave: Tensor) -> Tensor:
        if clip.clip_id not in self.pitch:
            self.pitch[clip.clip_id] = estimate_pitch(
                wave[None], sample_rate_hz=self.preset.sample_rate_hz, hop=self.network.fine_hop
            )[0]
        return self.pitch[clip.clip_id]


def _in_float32(value: Any) -> Any:
    """Copy a dataclass of tensors: losses are never computed in half precision."""
    if isinstance(value, Tensor):
        return value.float() if value.is_floating_point() else value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(value, **{f.name: _in_float32(getattr(value, f.name)) for f in fields(value)})
