"""S1's transformer as it speaks: the same sums as transformer.py over prepared weights.

At lower precision the cache is bfloat16 too: reading it takes as long as reading weights does once
several sentences are spoken side by side.

B batch, S new positions, K cached positions, D width, H heads.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.key_value_cache import KeyValueCache
from models.gpt_sovits.linear_forms import Precision, linear_form
from models.gpt_sovits.text_to_semantic import TextToSemantic

__all__ = ["SpeakingTransformer", "prepare_to_speak"]


def prepare_to_speak(model: TextToSemantic, precision: Precision) -> None:
    """Replace the layers of a trained S1 by prepared ones; training it afterwards is impossible.

    At int8 the items of a batch affect each other's rounding: generate them one at a time.

    Raises:
        ValueError: the model's device cannot do the precision.
    """
    model.h = SpeakingTransformer(model, precision)  # type: ignore[assignment]  # same interface


class _SpeakingLayer(nn.Module):
    def __init__(self, layer: nn.Module, heads: int, precision: Precision) -> None:
        super().__init__()
        attention = layer.get_submodule("self_attn")
        self.heads = heads
        self.project_in = linear_form(
            attention.get_parameter("in_proj_weight"),
            attention.get_parameter("in_proj_bias"),
            precision,
        )
        self.project_out = _prepared(attention, "out_proj", precision)
        self.widen = _prepared(layer, "linear1", precision)
        self.narrow = _prepared(layer, "linear2", precision)
        self.norm1 = layer.get_submodule("norm1")
        self.norm2 = layer.get_submodule("norm2")

    def forward(
        self, x: Tensor, allowed: Tensor | None, cache: KeyValueCache, index: int
    ) -> Tensor:
        """Transform rows (B * S, D)."""
        rows, width = x.shape
        batch = cache.batch
        projected = self.project_in(x).view(batch, rows // batch, 3, self.heads, -1)
        query, key, value = projected.permute(2, 0, 3, 1, 4)  # (B, H, S, D / H) each
        keys, values = cache.append(index, key, value)
        mixed = F.scaled_dot_product_attention(
            query.to(keys.dtype), keys, values, attn_mask=allowed
        )
        joined = mixed.transpose(1, 2).reshape(rows, width).to(x.dtype)
        x = self.norm1(x + self.project_out(joined))
        out: Tensor = self.norm2(x + self.narrow(self.widen(x).relu_()))
        return out


class SpeakingTransformer(nn.Module):
    """Stands in for `Transformer`; always fills a cache."""

    def __init__(self, model: TextToSemantic, precision: Precision) -> None:
        super().__init__()
        self.cache_dtype: torch.dtype = torch.float32 if precision == "float32" else torch.bfloat16
        self.layers = nn.ModuleList(
            _SpeakingLayer(layer, model.preset.heads, precision) for layer in model.h.layers
        )

    def forward(self, x: Tensor, allowed: Tensor | None, cache: KeyValueCache) -> Tensor:
        """Transform (B, S, D); see `Transformer.forward`."""
        if allowed is not None:  # once, not in every layer
            zeros = torch.zeros_like(allowed, dtype=self.cache_dtype)
            allowed = zeros.masked_fill_(~allowed, -torch.inf)
        rows = x.flatten(0, 1)  # (B * S, D)
        for index, layer in enumerate(self.layers):
            rows = layer(rows, allowed, cache, index)
        cache.advance(x.shape[1])
        return rows.view(x.shape)


def _prepared(parent: nn.Module, name: str, precision: Precision) -> nn.Module:
    linear = parent.get_submodule(name)
    return linear_form(linear.get_parameter("weight"), linear.get_parameter("bias"), precision)
