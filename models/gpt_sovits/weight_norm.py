"""Convolutions with normalised weights, stored as `weight_g` and `weight_v`.

The public checkpoints hold these two names; torch's own parametrisation stores others. The norm is
taken over every dimension but the first, which for a transposed convolution is the input channel.
Source: Salimans & Kingma 2016 (arXiv 1602.07868); docs/gpt_sovits.md 3.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["NormConv1d", "NormConv2d", "NormConvTranspose1d", "fold_weight_norm"]


def _split_weight(module: nn.Module) -> None:
    weight: Tensor = module._parameters.pop("weight")  # type: ignore[assignment]  # noqa: SLF001
    module.register_parameter("weight_g", nn.Parameter(_norm(weight.detach())))
    module.register_parameter("weight_v", nn.Parameter(weight.detach().clone()))
    module.register_buffer("folded", None, persistent=False)


def _norm(direction: Tensor) -> Tensor:
    return direction.pow(2).sum(tuple(range(1, direction.dim())), keepdim=True).sqrt()


class _Normed(nn.Module):
    weight_g: Tensor
    weight_v: Tensor
    folded: Tensor | None

    def normed_weight(self) -> Tensor:
        """Return weight_v scaled to the length weight_g, of each slice of the first dimension."""
        if self.folded is not None:
            return self.folded
        return self.weight_v * (self.weight_g / _norm(self.weight_v))


class NormConv1d(_Normed, nn.Conv1d):
    """`nn.Conv1d` with a normalised weight."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _split_weight(self)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve (B, C, T)."""
        return F.conv1d(
            x,
            self.normed_weight(),
            self.bias,
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
        )


class NormConv2d(_Normed, nn.Conv2d):
    """`nn.Conv2d` with a normalised weight."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _split_weight(self)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve (B, C, H, W)."""
        return F.conv2d(
            x,
            self.normed_weight(),
            self.bias,
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
        )


class NormConvTranspose1d(_Normed, nn.ConvTranspose1d):
    """`nn.ConvTranspose1d` with a normalised weight."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _split_weight(self)

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """Convolve (B, C, T); `output_size` is not supported."""
        if output_size is not None:
            raise ValueError("output_size is not supported; choose padding instead")
        assert isinstance(self.padding, tuple)
        return F.conv_transpose1d(
            x,
            self.normed_weight(),
            self.bias,
            self.stride,
            self.padding,
            self.output_padding,
            self.groups,
            self.dilation,
        )


@torch.no_grad()
def fold_weight_norm(network: nn.Module) -> None:
    """Compute each normalised weight once, for inference: training afterwards has no effect."""
    for module in network.modules():
        if isinstance(module, _Normed):
            module.folded = None
            module.folded = module.normed_weight().clone()
