"""Latent frames to samples by transposed convolutions (HiFi-GAN, arXiv 2010.05646).

Source: specification 3.5. B batch, C latent channels, T frames, G timbre width.
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

    def forward(self, x: Tensor) -> Tensor:
        for dilated, plain in zip(self.convs1, self.convs2, strict=True):
            x = x + plain(F.leaky_relu(dilated(F.leaky_relu(x, _SLOPE)), _SLOPE))
        return x


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
        self.kernels = len(preset.resblock_kernels)
        self.conv_post = nn.Conv1d(width, 1, 7, padding=3, bias=False)

    def forward(self, latent: Tensor, timbre: Tensor) -> Tensor:
        """Decode; `timbre` is (B, G, 1)."""
        x = self.conv_pre(latent) + self.cond(timbre)
        for stage, upsample in enumerate(self.ups):
            x = upsample(F.leaky_relu(x, _SLOPE))
            first = stage * self.kernels
            blocks = [self.resblocks[first + index] for index in range(self.kernels)]
            total = blocks[0](x)
            for block in blocks[1:]:
                total = total + block(x)
            x = total / self.kernels
        return torch.tanh(self.conv_post(F.leaky_relu(x, _LAST_SLOPE)))
