"""The speaker-verification network of v2Pro and v2ProPlus: ERes2NetV2.

Source: Chen et al., "ERes2NetV2: Boosting short-duration speaker verification performance with
computational efficiency" (2024), at the sizes of the public checkpoint (docs/gpt_sovits.md 2.4).
Names of tensors are the checkpoint's. It is frozen: there is no training path, call `eval()`.
B batch, C channels, H mel bands (halved from stage to stage), T frames (likewise).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["ERES2NETV2", "SpeakerNetworkPreset", "SpeakerVerifier"]

_CLIP = 20.0
"""Upper bound of the activation; the network was trained with it."""

_VARIANCE_FLOOR = 1e-8


@dataclass(frozen=True, kw_only=True)
class SpeakerNetworkPreset:
    """Sizes of the network."""

    mels: int = 80
    width: int = 64
    """Channels of the first convolution and of the first stage, before expansion."""

    base_width: int = 24
    """Channels of one group in the first stage."""

    groups: int = 4
    expansion: int = 4
    blocks: tuple[int, int, int, int] = (3, 4, 6, 3)
    embedding: int = 192

    @property
    def vector_size(self) -> int:
        """Size of what the synthesizer is conditioned on: channels times bands of the last map."""
        return self.width * 8 * self.expansion * (self.mels // 8)


ERES2NETV2 = SpeakerNetworkPreset()


class SpeakerVerifier(nn.Module):
    """Kaldi filter-bank energies → the time-averaged fused map, or the speaker embedding."""

    def __init__(self, preset: SpeakerNetworkPreset = ERES2NETV2) -> None:
        super().__init__()
        self.preset = preset
        self.conv1 = nn.Conv2d(1, preset.width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(preset.width)
        channels = preset.width
        stages = []
        for index, count in enumerate(preset.blocks):
            blocks = []
            for block in range(count):
                stride = 2 if index > 0 and block == 0 else 1
                blocks.append(_Block(channels, preset, stage=index, stride=stride))
                channels = preset.width * 2**index * preset.expansion
            stages.append(nn.Sequential(*blocks))
        self.layer1, self.layer2, self.layer3, self.layer4 = stages
        self.layer3_ds = nn.Conv2d(channels // 2, channels, 3, stride=2, padding=1, bias=False)
        self.fuse34 = _Fusion(channels, reduction=4)
        self.seg_1 = nn.Linear(2 * preset.vector_size, preset.embedding)

    def forward(self, filter_bank: Tensor) -> Tensor:
        """Return what the synthesizer is conditioned on: (B, T, mels) → (B, vector_size)."""
        return self._fused(filter_bank).mean(-1)

    def embed(self, filter_bank: Tensor) -> Tensor:
        """Return the embedding that the network was trained to give: (B, T, mels) → (B, 192).

        Statistics over time need at least 9 frames: two of the last map.
        """
        fused = self._fused(filter_bank)
        deviation = (fused.var(-1) + _VARIANCE_FLOOR).sqrt()
        embedding: Tensor = self.seg_1(torch.cat([fused.mean(-1), deviation], dim=1))
        return embedding

    def _fused(self, filter_bank: Tensor) -> Tensor:
        """Return the maps of the last two stages as one: (B, vector_size, T / 8)."""
        x = filter_bank.transpose(1, 2)[:, None]  # (B, 1, H, T)
        x = F.relu(self.bn1(self.conv1(x)))
        third = self.layer3(self.layer2(self.layer1(x)))
        fused: Tensor = self.fuse34(self.layer4(third), self.layer3_ds(third))  # (B, C, H / 8, .)
        return fused.flatten(1, 2)


class _Block(nn.Module):
    """A residual block whose middle convolution runs group by group, each seeing the one before.

    In the last two stages a group and the one before are fused by learned attention instead of
    being added.
    """

    def __init__(
        self, channels: int, preset: SpeakerNetworkPreset, *, stage: int, stride: int
    ) -> None:
        super().__init__()
        planes = preset.width * 2**stage
        self.width = planes * preset.base_width // 64
        inner, outer = self.width * preset.groups, planes * preset.expansion
        self.conv1 = nn.Conv2d(channels, inner, 1, stride=stride, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.convs = nn.ModuleList(
            nn.Conv2d(self.width, self.width, 3, padding=1, bias=False)
            for _ in range(preset.groups)
        )
        self.bns = nn.ModuleList(nn.BatchNorm2d(self.width) for _ in range(preset.groups))
        self.fuse_models = nn.ModuleList(
            _Fusion(self.width, reduction=4) for _ in range(preset.groups - 1 if stage > 1 else 0)
        )
        self.conv3 = nn.Conv2d(inner, outer, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outer)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels != outer:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, outer, 1, stride=stride, bias=False), nn.BatchNorm2d(outer)
            )

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, T) → (B, expansion * planes, H / stride, T / stride)."""
        groups = torch.split(_clipped(self.bn1(self.conv1(x))), self.width, dim=1)
        outputs: list[Tensor] = []
        for index, group in enumerate(groups):
            given = group if index == 0 else self._join(index, outputs[-1], group)
            outputs.append(_clipped(self.bns[index](self.convs[index](given))))
        joined = self.bn3(self.conv3(torch.cat(outputs, dim=1)))
        return _clipped(joined + self.shortcut(x))

    def _join(self, index: int, before: Tensor, group: Tensor) -> Tensor:
        if not self.fuse_models:
            return before + group
        fused: Tensor = self.fuse_models[index - 1](before, group)
        return fused


class _Fusion(nn.Module):
    """Attention that says, number by number, how much of each of two maps is taken."""

    def __init__(self, channels: int, *, reduction: int) -> None:
        super().__init__()
        inner = channels // reduction
        self.local_att = nn.Sequential(
            nn.Conv2d(2 * channels, inner, 1),
            nn.BatchNorm2d(inner),
            nn.SiLU(),
            nn.Conv2d(inner, channels, 1),
            nn.BatchNorm2d(channels),
        )

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Two (B, C, H, T) → (B, C, H, T); equal shares are a plain sum."""
        lean = self.local_att(torch.cat([first, second], dim=1)).tanh()
        fused: Tensor = first * (1 + lean) + second * (1 - lean)
        return fused


def _clipped(x: Tensor) -> Tensor:
    return x.clamp(0.0, _CLIP)
