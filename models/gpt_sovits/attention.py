"""Attention over channels-first sequences, and the encoder blocks of S2's prior.

Windowed relative positions after Shaw et al. 2018 (arXiv 1803.02155) in the form of Glow-TTS/VITS:
learned key and value vectors for offsets of -window..window, shared over heads, zero outside.
B batch, C channels, T frames, H heads, D = C / H, W = 2 * window + 1. Masks are (B, T) bool.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["ChannelNorm", "CrossAttention", "RelativeEncoder", "RelativeSelfAttention"]

_MASKED = -1e4
"""Logit of a masked key: finite, so that a row without any valid key stays a number."""


class ChannelNorm(nn.Module):
    """Layer norm over the channels of (B, C, T)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise each frame."""
        frames = x.transpose(1, 2)  # (B, T, C)
        normed = F.layer_norm(frames, (frames.shape[-1],), self.gamma, self.beta, 1e-5)
        return normed.transpose(1, 2)


def _split_heads(x: Tensor, heads: int) -> Tensor:
    batch, channels, frames = x.shape
    return x.view(batch, heads, channels // heads, frames).transpose(2, 3)  # (B, H, T, D)


def _join_heads(x: Tensor) -> Tensor:
    batch, heads, frames, depth = x.shape
    return x.transpose(2, 3).reshape(batch, heads * depth, frames)  # (B, C, T)


def _band(frames: int, window: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the column of each offset (T, W) int64, and whether there is one (T, W) bool."""
    offsets = torch.arange(-window, window + 1, device=device)
    columns = torch.arange(frames, device=device)[:, None] + offsets
    return columns.clamp(0, frames - 1), (columns >= 0) & (columns < frames)


class RelativeSelfAttention(nn.Module):
    """Self-attention with windowed relative positions; 1x1 convolutions project."""

    def __init__(self, channels: int, heads: int, window: int, dropout: float) -> None:
        super().__init__()
        depth = channels // heads
        self.heads = heads
        self.window = window
        self.emb_rel_k = nn.Parameter(torch.randn(1, 2 * window + 1, depth) * depth**-0.5)
        self.emb_rel_v = nn.Parameter(torch.randn(1, 2 * window + 1, depth) * depth**-0.5)
        self.conv_q = nn.Conv1d(channels, channels, 1)
        self.conv_k = nn.Conv1d(channels, channels, 1)
        self.conv_v = nn.Conv1d(channels, channels, 1)
        self.conv_o = nn.Conv1d(channels, channels, 1)
        self.drop = nn.Dropout(dropout)
        for projection in (self.conv_q, self.conv_k, self.conv_v):
            nn.init.xavier_uniform_(projection.weight)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Attend from each frame to the valid frames of its row: (B, C, T) → (B, C, T)."""
        query = _split_heads(self.conv_q(x), self.heads)  # (B, H, T, D)
        key = _split_heads(self.conv_k(x), self.heads)
        value = _split_heads(self.conv_v(x), self.heads)
        query = query / math.sqrt(query.shape[-1])
        logits = query @ key.transpose(2, 3)  # (B, H, T, T)
        columns, exists = _band(x.shape[-1], self.window, x.device)
        columns = columns.expand(*logits.shape[:3], -1)  # (B, H, T, W)
        by_offset = (query @ self.emb_rel_k.transpose(1, 2)).masked_fill(~exists, 0.0)
        logits = logits.scatter_add(3, columns, by_offset.to(logits.dtype))
        share = logits.masked_fill(~mask[:, None, None, :], _MASKED).softmax(-1)
        share = self.drop(share)
        near = share.gather(3, columns).masked_fill(~exists, 0.0)  # (B, H, T, W)
        mixed = share @ value + near @ self.emb_rel_v
        projected: Tensor = self.conv_o(_join_heads(mixed))
        return projected


class CrossAttention(nn.Module):
    """Attention from one sequence to another, without positions."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.conv_q = nn.Conv1d(channels, channels, 1)
        self.conv_k = nn.Conv1d(channels, channels, 1)
        self.conv_v = nn.Conv1d(channels, channels, 1)
        self.conv_o = nn.Conv1d(channels, channels, 1)
        for projection in (self.conv_q, self.conv_k, self.conv_v):
            nn.init.xavier_uniform_(projection.weight)

    def forward(self, x: Tensor, context: Tensor, allowed: Tensor) -> Tensor:
        """Attend from (B, C, T) to `context` (B, C, S) where `allowed`, (B, T or 1, S) bool."""
        mixed = F.scaled_dot_product_attention(
            _split_heads(self.conv_q(x), self.heads),
            _split_heads(self.conv_k(context), self.heads),
            _split_heads(self.conv_v(context), self.heads),
            attn_mask=allowed[:, None],
        )
        projected: Tensor = self.conv_o(_join_heads(mixed))
        return projected


class ConvFeedForward(nn.Module):
    """Two convolutions with a ReLU between, each over the valid frames only."""

    def __init__(self, channels: int, inner: int, kernel: int, dropout: float) -> None:
        super().__init__()
        self.conv_1 = nn.Conv1d(channels, inner, kernel, padding=kernel // 2)
        self.conv_2 = nn.Conv1d(inner, channels, kernel, padding=kernel // 2)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Transform (B, C, T); `mask` is (B, 1, T) float."""
        inner = self.drop(F.relu(self.conv_1(x * mask)))
        out: Tensor = self.conv_2(inner * mask)
        return out * mask


class RelativeEncoder(nn.Module):
    """A stack of post-norm blocks: windowed relative self-attention, then convolutions."""

    def __init__(
        self,
        channels: int,
        feed_forward: int,
        heads: int,
        layers: int,
        *,
        kernel: int,
        window: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.attn_layers = nn.ModuleList(
            RelativeSelfAttention(channels, heads, window, dropout) for _ in range(layers)
        )
        self.norm_layers_1 = nn.ModuleList(ChannelNorm(channels) for _ in range(layers))
        self.ffn_layers = nn.ModuleList(
            ConvFeedForward(channels, feed_forward, kernel, dropout) for _ in range(layers)
        )
        self.norm_layers_2 = nn.ModuleList(ChannelNorm(channels) for _ in range(layers))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Encode (B, C, T) with `mask` (B, T) bool; padded frames come out zero."""
        keep = mask[:, None, :].to(x.dtype)  # (B, 1, T)
        x = x * keep
        blocks = zip(
            self.attn_layers, self.norm_layers_1, self.ffn_layers, self.norm_layers_2, strict=True
        )
        for attend, norm_attended, transform, norm_transformed in blocks:
            x = norm_attended(x + self.drop(attend(x, mask)))
            x = norm_transformed(x + self.drop(transform(x, keep)))
        return x * keep
