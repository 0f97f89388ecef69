"""Latent frames to samples by transposed convolutions (HiFi-GAN, arXiv 2010.05646).

Source: docs/gpt_sovits.md 3.5. B batch, C latent channels, T frames, G timbre width.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.presets import FlowVocoderPreset
from models.gpt_sovits.weight_norm import NormConv1d, NormConvTranspose1d

__all__ = ["Vocoder"]

_SLOPE = 0.1
_LAST_SLOPE = 0.01
"""The last activation's slope is torch's default, unlike all others: the checkpoints need it."""


class _ResBlock(nn.Module):
    """Dilated convolutions, each followed by a plain one, with residuals."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(
            NormConv1d(channels, channels, kernel, dilation=step, padding=(kernel - 1) // 2 * step)
            for step in dilations
        )
        self.convs2 = nn.ModuleList(
            NormConv1d(channels, channels, kernel, padding=kernel // 2) for _ in dilations
        )

    def forward(self, x: Tensor, keep: Tensor | None) -> Tensor:
        for dilated, plain in zip(self.convs1, self.convs2, strict=True):
            inner = dilated(_activated(x, _SLOPE, keep))
            x = x + plain(_activated(inner, _SLOPE, keep))
        return x


def _activated(x: Tensor, slope: float, keep: Tensor | None) -> Tensor:
    """Apply the activation; what lies outside `keep` becomes the zeros that a shorter item has."""
    active = F.leaky_relu(x, slope)
    return active if keep is None else active.mul_(keep)


class Vocoder(nn.Module):
    """(B, C, T) latents to (B, 1, T * product(rates)) samples in [-1, 1]."""

    def __init__(self, preset: FlowVocoderPreset, timbre: int) -> None:
        super().__init__()
        width = preset.upsample_width
        self.conv_pre = nn.Conv1d(preset.latent, width, 7, padding=3)
        self.cond = nn.Conv1d(timbre, width, 1)
        self.ups = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        for rate, kernel in zip(preset.upsample_rates, preset.upsample_kernels, strict=True):
            self.ups.append(
                NormConvTranspose1d(width, width // 2, kernel, rate, padding=(kernel - rate) // 2)
            )
            width //= 2
            self.resblocks.extend(
                _ResBlock(width, size, preset.resblock_dilations)
                for size in preset.resblock_kernels
            )
        self.rates = preset.upsample_rates
        self.kernels = len(preset.resblock_kernels)
        self.conv_post = nn.Conv1d(width, 1, 7, padding=3, bias=False)

    def forward(self, latent: Tensor, timbre: Tensor, keep: Tensor | None = None) -> Tensor:
        """Decode.

        Args:
            latent: (B, C, T).
            timbre: (B or 1, G, 1).
            keep: (B, 1, T) float mask. With it a row sounds as it would alone, whatever its
                padding; the samples past its end mean nothing. None: no row is padded.
        """
        x = self.conv_pre(latent if keep is None else latent * keep) + self.cond(timbre)
        for stage, upsample in enumerate(self.ups):
            x = upsample(_activated(x, _SLOPE, keep))
            if keep is not None:
                keep = keep.repeat_interleave(self.rates[stage], dim=-1)
            first = stage * self.kernels
            blocks = [self.resblocks[first + index] for index in range(self.kernels)]
            total = blocks[0](x, keep)
            for block in blocks[1:]:
                total = total + block(x, keep)
            x = total / self.kernels
        return torch.tanh(self.conv_post(_activated(x, _LAST_SLOPE, keep)))
