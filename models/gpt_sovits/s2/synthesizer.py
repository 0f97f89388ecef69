"""S2: semantic tokens, phones and a reference recording become a wave.

What every preset shares: the tokenizer, the prior encoder and the timbre. The ways from frames to
samples are in flow_synthesizer.py (the public checkpoints) and mini_synthesizer.py; what a voice
asks of either is in wave_model.py.
Source: docs/gpt_sovits.md 3. B batch, S features of the extractor (50 Hz), M tokens (25 Hz),
T = 2 M frames, L phones, N samples, G width of the timbre vector.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from models.gpt_sovits.masks import length_mask
from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s2.prior_encoder import Prior, PriorEncoder
from models.gpt_sovits.s2.quantizer import SemanticQuantizer
from models.gpt_sovits.s2.reference_encoder import ReferenceEncoder
from models.gpt_sovits.s2.wave_model import Segment, WaveModel

__all__ = ["Synthesizer", "SynthesizerBatch"]


@dataclass(frozen=True, kw_only=True)
class SynthesizerBatch:
    """Training items of S2, right-padded with zeros."""

    codes: Tensor
    """(B, M) int64."""

    code_lengths: Tensor
    """(B,) int64; an item has twice as many frames, unless `frame_lengths` says otherwise."""

    phones: Tensor
    """(B, L) int64."""

    phone_lengths: Tensor
    """(B,) int64."""

    spectrogram: Tensor
    """(B, bins, 2 M) linear magnitudes of the same speech; gives the timbre."""

    wave: Tensor
    """(B, 2 M * hop) float32, what the spectrogram was made of."""

    pitch_hz: Tensor | None = None
    """(B, N // fine_hop), 0 where unvoiced (pitch.estimate_pitch); `mini` needs it."""

    speaker_vector: Tensor | None = None
    """(B, 20480); v2Pro and v2ProPlus need it."""

    alignment: Tensor | None = None
    """(B, 2 M) int64: which phone each frame belongs to, where that is known (`mini`)."""

    frame_lengths: Tensor | None = None
    """(B,) int64 valid frames, where a recording ends in the middle of a token."""

    @property
    def frames(self) -> Tensor:
        """(B,) int64 valid frames of each item."""
        return 2 * self.code_lengths if self.frame_lengths is None else self.frame_lengths

    def to(self, device: torch.device | str) -> SynthesizerBatch:
        """Return the batch on `device`."""
        moved = {
            entry.name: value.to(device)
            for entry in fields(self)
            if isinstance(value := getattr(self, entry.name), Tensor)
        }
        return replace(self, **moved)


class Synthesizer(nn.Module, WaveModel):
    """The shared part of S2. The tokenizer never trains: no gradient reaches it."""

    reach_frames: ClassVar[int | None]
    """How many frames before its own a sample depends on; None: all of them."""

    def __init__(self, preset: Preset, latent: int) -> None:
        super().__init__()
        sizes = preset.synthesizer
        self.preset = preset
        self.sizes = sizes
        self.enc_p = PriorEncoder(sizes, latent)
        self.ref_enc = ReferenceEncoder(sizes)
        self.ssl_proj = nn.Conv1d(sizes.ssl_channels, sizes.code_channels, 2, stride=2)
        self.quantizer = SemanticQuantizer(sizes.codes, sizes.code_channels)
        if sizes.speaker_vector:
            self.sv_emb = nn.Linear(sizes.speaker_vector, sizes.timbre)
            self.ge_to512 = nn.Linear(sizes.timbre, sizes.cross_width)
            self.prelu = nn.PReLU(sizes.timbre)
        # Not requires_grad=False: the optimiser skips what has no gradient, as upstream's does.

    @torch.no_grad()
    def extract_codes(self, features: Tensor) -> Tensor:
        """Tokenise (B, ssl_channels, S) features: (B, 1, S // 2) int64."""
        return self.quantizer.encode(self.ssl_proj(features))

    def timbre(
        self, spectrogram: Tensor, mask: Tensor, speaker_vector: Tensor | None = None
    ) -> Tensor:
        """Encode (B, bins, T) reference spectrograms: (B, timbre, 1).

        Raises:
            ValueError: the preset needs a speaker vector and none came, or the reverse.
        """
        expected = bool(self.sizes.speaker_vector)
        if expected != (speaker_vector is not None):
            raise ValueError(
                f"speaker vector: the preset expects {self.sizes.speaker_vector or 'none'}, "
                f"got {'none' if speaker_vector is None else tuple(speaker_vector.shape)}"
            )
        encoded: Tensor = self.ref_enc(spectrogram, mask)
        if speaker_vector is None:
            return encoded
        mixed: Tensor = self.prelu(encoded + self.sv_emb(speaker_vector)[:, :, None])
        return mixed

    @torch.no_grad()
    def mean_timbre(
        self, references: Sequence[Tensor], speaker_vectors: Sequence[Tensor] | None = None
    ) -> Tensor:
        """Implement WaveModel: encode each reference for itself, whatever its length."""
        if not references:
            raise ValueError("decode needs at least one reference spectrogram, got none")
        vectors = speaker_vectors if speaker_vectors is not None else [None] * len(references)
        if len(vectors) != len(references):
            raise ValueError(f"{len(references)} references but {len(vectors)} speaker vectors")
        timbres = [
            self.timbre(spec, torch.ones_like(spec[:, 0], dtype=torch.bool), vector)
            for spec, vector in zip(references, vectors, strict=True)
        ]
        return torch.stack(timbres).mean(0)

    def prior(
        self,
        codes: Tensor,
        frame_lengths: Tensor,
        phones: Tensor,
        phone_lengths: Tensor,
        timbre: Tensor,
        *,
        alignment: Tensor | None = None,
        speed: float = 1.0,
    ) -> Prior:
        """Encode (B, M) codes and (B, L) phones under a timbre (B, timbre, 1).

        `frame_lengths` counts frames of 50 Hz, two a code; `alignment` is as in PriorEncoder.
        """
        quantized = self.quantizer.decode(codes[:, None]).repeat_interleave(2, dim=-1)
        if self.sizes.speaker_vector:
            timbre = self.ge_to512(timbre.transpose(1, 2)).transpose(1, 2)
        encoded: Prior = self.enc_p(
            quantized,
            length_mask(frame_lengths, quantized.shape[-1]),
            phones,
            length_mask(phone_lengths, phones.shape[-1]),
            timbre,
            alignment=alignment,
            speed=speed,
        )
        return encoded

    @torch.no_grad()
    def decode_segments(
        self, segments: Sequence[Segment], timbre: Tensor, *, noise_scale: float, speed: float = 1.0
    ) -> list[Tensor]:
        """Implement WaveModel: encode all in one padded pass, then decode."""
        prior = self._segments_prior(segments, timbre, speed=speed)
        generators = [segment.generator for segment in segments]
        return self._decode_prior(prior, timbre, generators=generators, noise_scale=noise_scale)

    @abstractmethod
    def _decode_prior(
        self,
        prior: Prior,
        timbre: Tensor,
        *,
        generators: Sequence[torch.Generator],
        noise_scale: float,
    ) -> list[Tensor]:
        """Turn the valid frames of each row to samples; the row's generator draws its noise."""

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
        """Implement WaveModel: earlier frames are read as far as a sample depends on them."""
        start = 0 if self.reach_frames is None else max(0, first_frame - self.reach_frames)
        wave = self._decode_moments(
            moments[:, :, start:], timbre, noise=noise[..., start:], noise_scale=noise_scale
        )
        return wave[(first_frame - start) * self.preset.hop :]

    @abstractmethod
    def _decode_moments(
        self, moments: Tensor, timbre: Tensor, *, noise: Tensor, noise_scale: float
    ) -> Tensor:
        """Turn (1, 2 C, T) moments and their noise to samples (N,)."""

    def _segments_prior(
        self, segments: Sequence[Segment], timbre: Tensor, *, speed: float
    ) -> Prior:
        """Encode sentences side by side, padded on the right; none sees another's text."""
        codes = pad_sequence([segment.codes for segment in segments], batch_first=True)
        phones = pad_sequence([segment.phones for segment in segments], batch_first=True)
        device = codes.device
        frames = [2 * len(segment.codes) for segment in segments]
        counts = [len(segment.phones) for segment in segments]
        return self.prior(
            codes,
            torch.tensor(frames, device=device),
            phones,
            torch.tensor(counts, device=device),
            timbre,
            alignment=_padded_alignments(segments),
            speed=speed,
        )

    @torch.no_grad()
    def sentence_moments(
        self, codes: Tensor, phones: Tensor, timbre: Tensor, *, alignment: Tensor | None = None
    ) -> Tensor:
        """Implement WaveModel."""
        lengths = torch.tensor([2 * len(codes)], device=codes.device)
        counts = torch.tensor([len(phones)], device=codes.device)
        aligned = None if alignment is None else alignment[None]
        return self.prior(
            codes[None], lengths, phones[None], counts, timbre, alignment=aligned
        ).moments


def _padded_alignments(segments: Sequence[Segment]) -> Tensor | None:
    """Return (B, T) with -1, "reads all phones", where nothing is known."""
    if all(segment.alignment is None for segment in segments):
        return None
    rows = [
        segment.codes.new_full((2 * len(segment.codes),), -1)
        if segment.alignment is None
        else segment.alignment
        for segment in segments
    ]
    return pad_sequence(rows, batch_first=True, padding_value=-1)
