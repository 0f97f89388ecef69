"""Linear layers in the form in which speaking reads them fastest.

Token by token, S1 is bound by reading its weights: few rows meet every weight once a token. What a
processor does best then depends on the precision and on the number of rows (docs/benchmarks.md has
the measurements). N rows, I inputs, O outputs.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Literal, get_args

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["LinearForm", "Precision", "linear_form"]

Precision = Literal["float32", "bfloat16", "int8"]
"""How the weights are kept while speaking; sums, norms and the residual stream stay float32."""

LinearForm = Callable[[Tensor], Tensor]
"""Maps float32 (N, I) to float32 (N, O); not a module, whose calls cost a tenth of a step."""

_PACKED_FROM_ROWS = 4
"""From so many rows on oneDNN's packed float32 weights are faster than plain ones."""

_INT8_MAX = 127


def linear_form(weight: Tensor, bias: Tensor, precision: Precision) -> LinearForm:
    """Return a function that maps float32 (N, I) to float32 (N, O) = x @ weight.T + bias.

    Args:
        weight: (O, I) float32; its device decides where the form runs.
        bias: (O,) float32.
        precision: of the weights.

    Raises:
        ValueError: the device cannot do it, or there is no such precision.
    """
    if precision not in get_args(Precision):
        raise ValueError(f"precision {precision!r}: choose one of {', '.join(get_args(Precision))}")
    weight, bias = weight.detach().float(), bias.detach().float()
    on_cpu = weight.device.type == "cpu"
    if precision == "int8":
        if not on_cpu:
            raise ValueError(f"int8 runs on the CPU only, the network is on {weight.device}")
        return _Int8(weight, bias)
    packs = on_cpu and torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    if precision == "bfloat16":
        packs = packs and torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001
        return _PackedBfloat16(weight, bias) if packs else _Bfloat16(weight, bias)
    return _Float32(weight, bias, packs=packs)


class _Float32:
    """Plain weights, stored by input, for few rows; packed ones, made on first use, for more."""

    def __init__(self, weight: Tensor, bias: Tensor, *, packs: bool) -> None:
        self.weight = weight.t().contiguous()  # (I, O): a seventh less time at one row
        self.bias = bias
        self.packs = packs
        self.packed: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        if not self.packs or len(x) < _PACKED_FROM_ROWS:
            return torch.addmm(self.bias, x, self.weight)
        if self.packed is None:
            self.packed = _pack(self.weight.t().contiguous())
        return _packed_linear(x, self.packed, self.bias)


class _PackedBfloat16:
    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self.packed = _pack(weight.bfloat16())
        self.bias = bias.bfloat16()

    def __call__(self, x: Tensor) -> Tensor:
        return _packed_linear(x.bfloat16(), self.packed, self.bias).float()


class _Bfloat16:
    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self.weight, self.bias = weight.bfloat16(), bias.bfloat16()

    def __call__(self, x: Tensor) -> Tensor:
        return F.linear(x.bfloat16(), self.weight, self.bias).float()


class _Int8:
    """One scale an output for the weights, one a call for the inputs: rows affect each other."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        scales = (weight.abs().amax(1) / _INT8_MAX).clamp(min=torch.finfo().tiny).double()
        zeros = torch.zeros(len(scales), dtype=torch.long)
        with warnings.catch_warnings():
            # torch 2.13 announces the end of quantised tensors; its lock is what we pin
            warnings.filterwarnings("ignore", message="torch.quantize_per_tensor")
            quantised = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
        self.packed = torch.ops.quantized.linear_prepack(quantised, bias)

    def __call__(self, x: Tensor) -> Tensor:
        # reduce_range: seven bits of the input, so that no processor's sums of products saturate
        out: Tensor = torch.ops.quantized.linear_dynamic(x, self.packed, reduce_range=True)
        return out


def _pack(weight: Tensor) -> Tensor:
    packed: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight)  # noqa: SLF001  # no public name
    return packed


def _packed_linear(x: Tensor, packed: Tensor, bias: Tensor) -> Tensor:
    out: Tensor = torch.ops.mkldnn._linear_pointwise(  # noqa: SLF001
        x, packed, bias, "none", [], ""
    )
    return out
