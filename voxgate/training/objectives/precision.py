"""Network outputs back in float32: losses are never computed in half precision."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from torch import Tensor

__all__ = ["in_float32"]

Outputs = TypeVar("Outputs")


def in_float32(outputs: Outputs) -> Outputs:
    """Return a copy of a dataclass of tensors with every floating-point tensor as float32."""
    converted: Outputs = _converted(outputs)
    return converted


def _converted(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.float() if value.is_floating_point() else value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(value, **{f.name: _converted(getattr(value, f.name)) for f in fields(value)})
