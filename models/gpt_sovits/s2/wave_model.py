"""What a voice asks of S2, whichever network answers: tokens, phones and a timbre in, samples out.

M tokens of 25 Hz, T = 2 M frames of 50 Hz, L phones, N = M * samples_per_token samples at speed 1,
G width of the timbre vector, C latent channels. A sentence that is spoken whole goes through
`decode_segments`; one that is spoken while its tokens are still being made through
`sentence_moments`, `draw_noise` and `decode_frames`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from models.gpt_sovits.presets import Preset

__all__ = ["Segment", "WaveModel"]


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One sentence to decode."""

    codes: Tensor
    """(M,) int64 semantic tokens, at least one."""

    phones: Tensor
    """(L,) int64 phones of the target text (not of the reference's)."""

    generator: torch.Generator
    """Draws this sentence's noise, so that it does not depend on its companions."""

    alignment: Tensor | None = None
    """(2 M,) int64: which of the phones each frame speaks, where S1 knows it."""


class WaveModel(Protocol):
    """S2 as a voice sees it; nothing here learns."""

    preset: Preset

    def mean_timbre(
        self, references: Sequence[Tensor], speaker_vectors: Sequence[Tensor] | None = None
    ) -> Tensor:
        """Average the timbre of reference spectrograms (1, bins, any length): (1, G, 1).

        Args:
            references: one or more.
            speaker_vectors: (1, D) one a reference, for the presets that read them.

        Raises:
            ValueError: no reference, or not one speaker vector a reference.
        """
        ...

    def decode_segments(
        self, segments: Sequence[Segment], timbre: Tensor, *, noise_scale: float, speed: float = 1.0
    ) -> list[Tensor]:
        """Speak several sentences; each comes out as it does alone (but for rounding).

        Args:
            segments: one or more.
            timbre: (1, G, 1), see `mean_timbre`.
            noise_scale: multiplies the noise; 0 draws none where noise is not a part of the sound.
            speed: above 1 speaks faster, pitch unchanged.

        Returns:
            One wave (N,) float32 in [-1, 1] a sentence, in order.
        """
        ...

    def sentence_moments(
        self, codes: Tensor, phones: Tensor, timbre: Tensor, *, alignment: Tensor | None = None
    ) -> Tensor:
        """Encode one sentence, or its beginning: (1, 2 C, T).

        Args:
            codes: (M,) int64.
            phones: (L,) int64 of the whole sentence.
            timbre: (1, G, 1).
            alignment: (2 M,) int64, the phone of each frame.
        """
        ...

    def draw_noise(self, frames: int, generator: torch.Generator) -> Tensor:
        """Draw the noise of `frames` frames: (1, ..., any) standard normal.

        Pieces, joined along the last axis, are what drawing it at once gives.
        """
        ...

    def decode_frames(
        self,
        moments: Tensor,
        timbre: Tensor,
        *,
        noise: Tensor,
        noise_scale: float,
        first_frame: int,
    ) -> Tensor:
        """Turn the frames from `first_frame` on to samples: the end of what all of them give.

        Args:
            moments: (1, 2 C, T), see `sentence_moments`.
            timbre: (1, G, 1).
            noise: of all T frames, see `draw_noise`.
            noise_scale: as in `decode_segments`.
            first_frame: below T.

        Returns:
            (N,) float32 in [-1, 1].
        """
        ...
