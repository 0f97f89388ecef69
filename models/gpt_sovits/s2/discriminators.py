"""Discriminators that train the vocoder: one over samples, one for each period.

Source: docs/gpt_sovits.md 3.7 (HiFi-GAN, arXiv 2010.05646). B batch, N samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.presets import FlowVocoderPreset
from models.gpt_sovits.weight_norm import NormConv1d, NormConv2d

__all__ = ["DiscriminatorOutput", "Discriminators"]

_SLOPE = 0.1
_PERIOD_KERNEL = 5
_PERIOD_STRIDE = 3
_PERIOD_FRACTIONS = (32, 8, 2, 1, 1)
"""The widest layer's channels over those of each layer."""

_SCALE_FRACTIONS = (16, 4, 1, 1)


@dataclass(frozen=True, kw_only=True)
class DiscriminatorOutput:
    """What every discriminator says of a batch of waves."""

    scores: list[Tensor]
    """One (B, ·) a discriminator; trained towards 1 for real, 0 for generated."""

    features: list[list[Tensor]]
    """Every layer's output, the last one included."""


class _Scale(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.convs = nn.ModuleList([NormConv1d(1, width // 64, 15, 1, padding=7)])
        channels = [width // 64, *(width // fraction for fraction in _SCALE_FRACTIONS)]
        for inputs, outputs in pairwise(channels):
            groups = max(1, inputs // 4)
            self.convs.append(NormConv1d(inputs, outputs, 41, 4, groups=groups, padding=20))
        self.convs.append(NormConv1d(width, width, 5, 1, padding=2))
        self.conv_post = NormConv1d(width, 1, 3, 1, padding=1)

    def forward(self, wave: Tensor) -> tuple[Tensor, list[Tensor]]:
        return _discriminate(wave[:, None], self.convs, self.conv_post)


class _Period(nn.Module):
    """Folds the wave into rows of `period` samples and convolves down the columns."""

    def __init__(self, period: int, width: int) -> None:
        super().__init__()
        self.period = period
        self.convs = nn.ModuleList()
        channels = [1, *(width // fraction for fraction in _PERIOD_FRACTIONS)]
        for index, (inputs, outputs) in enumerate(pairwise(channels)):
            stride = _PERIOD_STRIDE if index < len(channels) - 2 else 1
            self.convs.append(
                NormConv2d(
                    inputs,
                    outputs,
                    (_PERIOD_KERNEL, 1),
                    (stride, 1),
                    padding=(_PERIOD_KERNEL // 2, 0),
                )
            )
        self.conv_post = NormConv2d(width, 1, (3, 1), 1, padding=(1, 0))

    def forward(self, wave: Tensor) -> tuple[Tensor, list[Tensor]]:
        missing = -wave.shape[-1] % self.period
        padded = F.pad(wave[:, None], (0, missing), mode="reflect") if missing else wave[:, None]
        folded = padded.view(len(wave), 1, -1, self.period)  # (B, 1, rows, period)
        return _discriminate(folded, self.convs, self.conv_post)


def _discriminate(x: Tensor, convs: nn.ModuleList, last: nn.Module) -> tuple[Tensor, list[Tensor]]:
    features = []
    for conv in convs:
        x = F.leaky_relu(conv(x), _SLOPE)
        features.append(x)
    x = last(x)
    features.append(x)
    return x.flatten(1), features


class Discriminators(nn.Module):
    """The scale discriminator, then one for each period."""

    def __init__(self, preset: FlowVocoderPreset) -> None:
        super().__init__()
        width = preset.discriminator_width
        periods = [_Period(period, width) for period in preset.periods]
        self.discriminators = nn.ModuleList([_Scale(width), *periods])

    def forward(self, wave: Tensor) -> DiscriminatorOutput:
        """Judge (B, N) waves."""
        outputs = [discriminator(wave) for discriminator in self.discriminators]
        return DiscriminatorOutput(
            scores=[score for score, _ in outputs], features=[maps for _, maps in outputs]
        )
