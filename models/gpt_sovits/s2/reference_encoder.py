"""The timbre of a reference recording as one vector.

Source: docs/gpt_sovits.md 3.3, after the mel style encoder of Meta-StyleSpeech (arXiv 2106.03153).
B batch, T frames, C hidden width.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.presets import SynthesizerPreset

__all__ = ["ReferenceEncoder"]

_HEADS = 2
_KERNEL = 5
_DROPOUT = 0.1


class _Dense(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.fc = nn.Linear(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fc(x)
        return out


class _Padded(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, _KERNEL, padding=_KERNEL // 2)


class _GatedConv(nn.Module):
    """Residual convolution whose second half gates the first; (B, C, T) → (B, C, T)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = _Padded(channels, 2 * channels)
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.drop(F.glu(self.conv1.conv(x), dim=1))
        return out


class _SelfAttention(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.w_qs = nn.Linear(channels, channels)
        self.w_ks = nn.Linear(channels, channels)
        self.w_vs = nn.Linear(channels, channels)
        self.fc = nn.Linear(channels, channels)
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, frames, channels = x.shape

        def heads(projected: Tensor) -> Tensor:
            return projected.view(batch, frames, _HEADS, -1).transpose(1, 2)  # (B, H, T, D)

        # The model's width scales the logits, not the head's: the checkpoints were trained so.
        logits = heads(self.w_qs(x)) @ heads(self.w_ks(x)).transpose(2, 3) / math.sqrt(channels)
        logits = logits.masked_fill(~mask[:, None, None, :], -math.inf)
        mixed = self.drop(logits.softmax(-1)) @ heads(self.w_vs(x))
        joined = mixed.transpose(1, 2).reshape(batch, frames, channels)
        out: Tensor = x + self.drop(self.fc(joined))
        return out


class ReferenceEncoder(nn.Module):
    """Encode a linear spectrogram to one timbre vector, independent of its length."""

    def __init__(self, preset: SynthesizerPreset) -> None:
        super().__init__()
        hidden = preset.reference_hidden
        self.bins = preset.reference_bins
        self.spectral = nn.Sequential(
            _Dense(preset.reference_bins, hidden),
            nn.Mish(),
            nn.Dropout(_DROPOUT),
            _Dense(hidden, hidden),
            nn.Mish(),
            nn.Dropout(_DROPOUT),
        )
        self.temporal = nn.Sequential(_GatedConv(hidden), _GatedConv(hidden))
        self.slf_attn = _SelfAttention(hidden)
        self.fc = _Dense(hidden, preset.timbre)

    def forward(self, spectrogram: Tensor, mask: Tensor) -> Tensor:
        """Encode (B, bins, T) with `mask` (B, T) bool: (B, timbre, 1).

        Bins above those that the preset reads are ignored. Each row needs one valid frame.
        """
        keep = mask[:, :, None].to(spectrogram.dtype)  # (B, T, 1)
        frames = self.spectral((spectrogram[:, : self.bins] * mask[:, None, :]).transpose(1, 2))
        frames = self.temporal(frames.transpose(1, 2)).transpose(1, 2)  # (B, T, C)
        frames = self.fc(self.slf_attn(frames * keep, mask))
        # In float32 whatever the autocast: long sums of small shares.
        weights = (keep / keep.sum(1, keepdim=True)).float()
        timbre = torch.einsum("btc,bti->bci", frames.float(), weights)
        return timbre.to(frames.dtype)
