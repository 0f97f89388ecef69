"""S1's transformer as it speaks: the same sums as transformer.py over prepared weights.

At lower precision the cache is bfloat16 too: reading it takes as long as reading weights does once
several sentences are spoken side by side. Layers and norms are functions, not modules, for at one
new position the small steps between two weights count (docs/benchmarks.md).

B batch, S new positions, K cached positions, D width, H heads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gpt_sovits.s1.key_value_cache import KeyValueCache
from models.gpt_sovits.s1.linear_forms import LinearForm, Precision, linear_form
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic
from models.gpt_sovits.s1.token_model import TokenNetwork

__all__ = ["SpeakingTransformer", "prepare_to_speak"]


def prepare_to_speak(model: TokenNetwork, precision: Precision) -> None:
    """Bring a trained S1 into the form in which it speaks; training it afterwards is impossible.

    The layers that run token after token are replaced by prepared ones. At int8 the items of a
    batch affect each other's rounding then: generate them one at a time.

    Raises:
        ValueError: the model's device, or the model, cannot do the precision.
    """
    # Not a method: what training imports would then change with the forms of speaking.
    if isinstance(model, TextToSemantic):
        model.h = SpeakingTransformer(model, precision)  # type: ignore[assignment]  # same interface
    elif precision != "float32":
        raise ValueError(
            f"precision {precision!r}: an S1 of durations speaks all tokens at once, at float32"
        )


_Attend = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Query (B, H, S, D / H), keys and values (B, H, K + S, D / H) to (B, H, S, D / H)."""


class _SpeakingLayer:
    def __init__(self, layer: nn.Module, heads: int, precision: Precision) -> None:
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
        self.norm1 = _norm(layer, "norm1")
        self.norm2 = _norm(layer, "norm2")

    def __call__(self, x: Tensor, attend: _Attend, cache: KeyValueCache, index: int) -> Tensor:
        """Transform rows (B * S, D)."""
        rows, width = x.shape
        batch = cache.batch
        parts = self.project_in(x).view(batch, rows // batch, 3, self.heads, -1)
        parts = parts.permute(2, 0, 3, 1, 4)  # (3, B, H, S, D / H)
        keys, values = cache.append(index, parts[1:])
        mixed = attend(parts[0], keys, values)
        joined = mixed.transpose(1, 2).reshape(rows, width)
        x = self.norm1(self.project_out(joined).add_(x))
        return self.norm2(self.narrow(self.widen(x).relu_()).add_(x))


class SpeakingTransformer(nn.Module):
    """Stands in for `Transformer`; always fills a cache."""

    def __init__(self, model: TextToSemantic, precision: Precision) -> None:
        super().__init__()
        self.cache_dtype: torch.dtype = torch.float32 if precision == "float32" else torch.bfloat16
        self.layers = [
            _SpeakingLayer(layer, model.preset.heads, precision) for layer in model.h.layers
        ]
        self.heads = model.preset.heads

    def forward(self, x: Tensor, allowed: Tensor | None, cache: KeyValueCache) -> Tensor:
        """Transform (B, S, D); see `Transformer.forward`."""
        attend = self._attention(x, allowed)
        rows = x.flatten(0, 1)  # (B * S, D)
        for index, layer in enumerate(self.layers):
            rows = layer(rows, attend, cache, index)
        cache.advance(x.shape[1])
        return rows.view(x.shape)

    def _attention(self, x: Tensor, allowed: Tensor | None) -> _Attend:
        """Choose once what every layer does."""
        bias = None
        if allowed is not None:
            bias = torch.zeros_like(allowed, dtype=self.cache_dtype)
            bias.masked_fill_(~allowed, -torch.inf)
        if self.cache_dtype != torch.float32:
            return partial(_attend_rounded, bias=bias)
        if x.shape[1] > 1 or x.device.type != "cpu":
            return partial(F.scaled_dot_product_attention, attn_mask=bias)
        if bias is None:
            bias = x.new_zeros(1, 1, 1)
        else:
            bias = bias.expand(-1, self.heads, -1, -1).flatten(0, 1)  # (B * H, 1, K + 1)
        return partial(_attend_once, bias=bias)


def _attend_once(query: Tensor, keys: Tensor, values: Tensor, *, bias: Tensor) -> Tensor:
    """Attend from one new position a row by two products: the fused kernel is made for many."""
    scores = torch.baddbmm(
        bias,
        query.flatten(0, 1),
        keys.flatten(0, 1).transpose(1, 2),
        alpha=query.shape[-1] ** -0.5,
    )  # (B * H, 1, K + 1)
    return torch.bmm(scores.softmax(-1), values.flatten(0, 1)).view(query.shape)


def _attend_rounded(query: Tensor, keys: Tensor, values: Tensor, *, bias: Tensor | None) -> Tensor:
    mixed = F.scaled_dot_product_attention(query.to(keys.dtype), keys, values, attn_mask=bias)
    return mixed.to(query.dtype)


def _prepared(parent: nn.Module, name: str, precision: Precision) -> LinearForm:
    linear = parent.get_submodule(name)
    return linear_form(linear.get_parameter("weight"), linear.get_parameter("bias"), precision)


def _norm(parent: nn.Module, name: str) -> LinearForm:
    norm = parent.get_submodule(name)
    assert isinstance(norm, nn.LayerNorm)
    return partial(
        torch.layer_norm,
        normalized_shape=list(norm.normalized_shape),
        weight=norm.weight.detach(),
        bias=norm.bias.detach(),
        eps=norm.eps,
    )
