"""Discriminators that train the vocoder: one over samples, one for each period.

Source: specification 3.7 (HiFi-GAN, arXiv 2010.05646). B batch, N samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.presets import FlowVocoderPreset
from models.gpt_sovits.weight_norm import NormConv1d, NormConv2d

__all__ = ["Discriminators", "Judgement"]

_SLOPE = 0.1
_PERIOD_KERNEL = 5
_PERIOD_STRIDE = 3
_PERIOD_WIDTHS = (1, 32, 128, 512, 1024, 1024)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What every discriminator says of a batch of waves."""

    scores: list[Tensor]
    """One (B, ·) a discriminator; trained towards 1 for real, 0 for generated."""

    features: list[list[Tensor]]
    """Every layer's output, the last one included."""


class _Scale(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleList(
            [
                NormConv1d(1, 16, 15, 1, padding=7),
                NormConv1d(16, 64, 41, 4, groups=4, padding=20),
                NormConv1d(64, 256, 41, 4, groups=16, padding=20),
                NormConv1d(256, 1024, 41, 4, groups=64, padding=20),
                NormConv1d(1024, 1024, 41, 4, groups=256, padding=20),
                NormConv1d(1024, 1024, 5, 1, padding=2),
            ]
        )
        self.conv_post = NormConv1d(1024, 1, 3, 1, padding=1)

    def forward(self, wave: Tensor) -> tuple[Tensor, list[Tensor]]:
        return _judge(wave[:, None], self.convs, self.conv_post)


class _Period(nn.Module):
    """Folds the wave into rows of `period` samples and convolves down the columns."""

    def __init__(self, period: int) -> None:
        super().__init__()
        self.period = period
        self.convs = nn.ModuleList()
        for index, (inputs, outputs) in enumerate(pairwise(_PERIOD_WIDTHS)):
            stride = _PERIOD_STRIDE if index < len(_PERIOD_WIDTHS) - 2 else 1
            self.convs.append(
                NormConv2d(
                    inputs,
                    outputs,
                    (_PERIOD_KERNEL, 1),
                    (stride, 1),
                    padding=(_PERIOD_KERNEL // 2, 0),
                )
            )
        self.conv_post = NormConv2d(_PERIOD_WIDTHS[-1], 1, (3, 1), 1, padding=(1, 0))

    def forward(self, wave: Tensor) -> tuple[Tensor, list[Tensor]]:
        missing = -wave.shape[-1] % self.period
        padded = F.pad(wave[:, None], (0, missing), mode="reflect") if missing else wave[:, None]
        folded = padded.view(len(wave), 1, -1, self.period)  # (B, 1, rows, period)
        return _judge(folded, self.convs, self.conv_post)


def _judge(x: Tensor, convs: nn.ModuleList, last: nn.Module) -> tuple[Tensor, list[Tensor]]:
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
        periods = [_Period(period) for period in preset.periods]
        self.discriminators = nn.ModuleList([_Scale(), *periods])

    def forward(self, wave: Tensor) -> Judgement:
        """Judge (B, N) waves."""
        judged = [judge(wave) for judge in self.discriminators]
        return Judgement(
            scores=[score for score, _ in judged], features=[maps for _, maps in judged]
        )
