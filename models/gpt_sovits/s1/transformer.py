"""A post-norm transformer that runs over whole sequences or, with a cache, token by token.

Source: docs/gpt_sovits.md 4.1. B batch, S positions, D width, H heads, K cached positions.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.s1.key_value_cache import KeyValueCache

__all__ = ["SinePosition", "Transformer"]

_TABLE_ROWS = 4000


class SinePosition(nn.Module):
    """Add learned-scale sinusoids; sin and cos alternate over the channels, base 10000."""

    table: Tensor

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1))
        self.drop = nn.Dropout(dropout)
        self.register_buffer("table", _sinusoids(_TABLE_ROWS, width), persistent=False)

    def forward(self, x: Tensor, start: Tensor | None = None) -> Tensor:
        """Place (B, S, D) at positions start + 0..S-1; `start` is (B,) int64 or 0 for all."""
        offsets = torch.arange(x.shape[1], device=x.device)
        index = offsets[None] if start is None else start[:, None] + offsets  # (B or 1, S)
        last = x.shape[1] if start is None else int(start.max()) + x.shape[1]
        if last > len(self.table):
            self.table = _sinusoids(2 * last, x.shape[-1]).to(self.table)
        placed: Tensor = self.drop(x + self.alpha * self.table[index].to(x.dtype))
        return placed


def _sinusoids(rows: int, width: int) -> Tensor:
    place = torch.arange(rows, dtype=torch.float32)[:, None]
    pairs = torch.arange(0, width, 2, dtype=torch.float32)
    angle = place * torch.exp(pairs * -(torch.log(torch.tensor(10000.0)) / width))
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)  # (rows, width)


class _SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        nn.init.xavier_uniform_(self.in_proj_weight)
        nn.init.zeros_(self.out_proj.bias)

    def forward(
        self, x: Tensor, allowed: Tensor | None, cache: KeyValueCache | None, layer: int
    ) -> Tensor:
        batch, size, width = x.shape
        projected = F.linear(x, self.in_proj_weight, self.in_proj_bias)
        parts = projected.view(batch, size, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = parts  # (B, H, S, D / H) each
        if cache is not None:
            key, value = cache.append(layer, parts[1:])  # (B, H, K + S, D / H)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=allowed)
        out: Tensor = self.out_proj(mixed.transpose(1, 2).reshape(batch, size, width))
        return out


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, feed_forward: int, dropout: float) -> None:
        super().__init__()
        self.self_attn = _SelfAttention(width, heads)
        self.linear1 = nn.Linear(width, feed_forward)
        self.linear2 = nn.Linear(feed_forward, width)
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)
        self.drop = nn.Dropout(dropout)

    def forward(
        self, x: Tensor, allowed: Tensor | None, cache: KeyValueCache | None, layer: int
    ) -> Tensor:
        x = self.norm1(x + self.drop(self.self_attn(x, allowed, cache, layer)))
        inner = self.drop(F.relu(self.linear1(x)))
        out: Tensor = self.norm2(x + self.drop(self.linear2(inner)))
        return out


class Transformer(nn.Module):
    """Layers in a row; no norm after the last."""

    def __init__(
        self, width: int, heads: int, layers: int, *, feed_forward: int, dropout: float
    ) -> None:
        super().__init__()
        self.cache_dtype: torch.dtype | None = None  # that of what is embedded
        self.layers = nn.ModuleList(
            _Layer(width, heads, feed_forward, dropout) for _ in range(layers)
        )

    def forward(
        self, x: Tensor, allowed: Tensor | None, cache: KeyValueCache | None = None
    ) -> Tensor:
        """Transform (B, S, D).

        Args:
            x: new positions; those in `cache` come before them.
            allowed: bool, broadcastable to (B, H, S, K + S): which positions each may read;
                None: all of them.
            cache: filled with the new positions; None runs without.
        """
        for index, layer in enumerate(self.layers):
            x = layer(x, allowed, cache, index)
        if cache is not None:
            cache.advance(x.shape[1])
        return x
