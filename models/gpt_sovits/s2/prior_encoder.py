"""S2's prior encoder: semantic tokens and phones become the frames that are decoded to sound.

Source: docs/gpt_sovits.md 3.4. B batch, T frames of 50 Hz, L phones, G width of the timbre vector.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from models.gpt_sovits.attention import CrossAttention, RelativeEncoder
from models.gpt_sovits.masks import length_mask
from models.gpt_sovits.presets import SynthesizerPreset

__all__ = ["Prior", "PriorEncoder"]


@dataclass(frozen=True, kw_only=True)
class Prior:
    """What the prior encoder says of each frame."""

    moments: Tensor
    """(B, 2 * latent, T), masked: mean and ln of the deviation of a normal distribution.

    `mini` has no distribution: its wave decoder reads all of it as features.
    """

    mask: Tensor
    """(B, T) bool, true on valid frames."""

    @property
    def lengths(self) -> list[int]:
        """Valid frames of each row."""
        counts: list[int] = self.mask.sum(1).tolist()
        return counts

    @property
    def mean(self) -> Tensor:
        """(B, latent, T)."""
        return self.moments.chunk(2, dim=1)[0]

    @property
    def log_scale(self) -> Tensor:
        """(B, latent, T)."""
        return self.moments.chunk(2, dim=1)[1]


class TextFusion(nn.Module):
    """Mix text and timbre into the token frames ("MRTE"): cross-attention, no norm after it."""

    def __init__(self, channels: int, width: int, heads: int) -> None:
        super().__init__()
        self.cross_attention = CrossAttention(width, heads)
        self.c_pre = nn.Conv1d(channels, width, 1)
        self.text_pre = nn.Conv1d(channels, width, 1)
        self.c_post = nn.Conv1d(width, channels, 1)

    def forward(
        self, frames: Tensor, mask: Tensor, text: Tensor, allowed: Tensor, timbre: Tensor
    ) -> Tensor:
        """Fuse (B, C, T) frames with (B, C, L) text and (B, width, 1) timbre: (B, C, T).

        `allowed` is (B, T or 1, L) bool: which phones a frame may read. Padded text is zero.
        """
        keep = mask[:, None, :].to(frames.dtype)
        query = self.c_pre(frames * keep)
        context = self.text_pre(text)
        mixed = self.cross_attention(query, context, allowed) + query + timbre
        fused: Tensor = self.c_post(mixed * keep)
        return fused


class PriorEncoder(nn.Module):
    """Encode quantised features at 50 Hz, attending to the phones of the same speech."""

    def __init__(self, preset: SynthesizerPreset, latent: int) -> None:
        super().__init__()

        def encoder(layers: int) -> RelativeEncoder:
            return RelativeEncoder(
                preset.hidden,
                preset.feed_forward,
                preset.heads,
                layers,
                kernel=preset.kernel,
                window=preset.window,
                dropout=preset.dropout,
            )

        self.reach = preset.alignment_reach
        self.ssl_proj = nn.Conv1d(preset.code_channels, preset.hidden, 1)
        self.encoder_ssl = encoder(preset.ssl_layers)
        self.encoder_text = encoder(preset.text_layers)
        self.text_embedding = nn.Embedding(preset.phones, preset.hidden)
        self.mrte = TextFusion(preset.hidden, preset.cross_width, preset.cross_heads)
        self.encoder2 = encoder(preset.fused_layers)
        self.proj = nn.Conv1d(preset.hidden, 2 * latent, 1)

    def forward(
        self,
        quantized: Tensor,
        mask: Tensor,
        phones: Tensor,
        phone_mask: Tensor,
        timbre: Tensor,
        *,
        alignment: Tensor | None = None,
        speed: float = 1.0,
    ) -> Prior:
        """Encode one batch.

        Args:
            quantized: (B, code_channels, T) code vectors repeated to 50 Hz.
            mask: (B, T) bool.
            phones: (B, L) int64 ids of the target's phones.
            phone_mask: (B, L) bool.
            timbre: (B, cross_width, 1).
            alignment: (B, T) int64, the phone of each frame; a frame then reads that phone and
                its near neighbours only. Negative: it reads all phones, as without alignment.
            speed: above 1 shortens: frames are interpolated to int(T / speed) + 1.
        """
        keep = mask[:, None, :].to(quantized.dtype)
        frames = self.encoder_ssl(self.ssl_proj(quantized * keep) * keep, mask)
        text = self.encoder_text(self.text_embedding(phones).transpose(1, 2), phone_mask)
        allowed = _readable(phone_mask, alignment, self.reach)
        frames = self.encoder2(self.mrte(frames, mask, text, allowed, timbre), mask)
        if speed != 1.0:
            frames, mask = _change_speed(frames, mask, speed)
        return Prior(moments=self.proj(frames) * mask[:, None, :], mask=mask)


def _readable(phone_mask: Tensor, alignment: Tensor | None, reach: int) -> Tensor:
    """Return which phones each frame may read: (B, T or 1, L) bool."""
    if alignment is None:
        return phone_mask[:, None, :]
    place = torch.arange(phone_mask.shape[1], device=phone_mask.device)
    near = (place - alignment[:, :, None]).abs() <= reach  # (B, T, L)
    return (near | (alignment < 0)[:, :, None]) & phone_mask[:, None, :]


def _change_speed(frames: Tensor, mask: Tensor, speed: float) -> tuple[Tensor, Tensor]:
    """Interpolate each row over its own frames: a row's result does not depend on the padding."""
    lengths: list[int] = mask.sum(1).tolist()
    rows = [
        F.interpolate(
            row[None, :, :length], size=int(length / speed) + 1, mode="linear", align_corners=False
        )[0].t()  # (T', C)
        for row, length in zip(frames, lengths, strict=True)
    ]
    sizes = torch.tensor([len(row) for row in rows], device=frames.device)
    stretched = pad_sequence(rows, batch_first=True).transpose(1, 2)
    return stretched, length_mask(sizes, stretched.shape[-1])
