"""Keys and values of earlier positions, in memory that is allocated once.

B batch, H heads, D channels a head, K positions so far.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["KeyValueCache"]


class KeyValueCache:
    """Room for `capacity` positions of every layer; owned by one generation."""

    def __init__(
        self,
        *,
        layers: int,
        batch: int,
        heads: int,
        capacity: int,
        channels: int,
        dtype: torch.dtype,
        device: torch.device,
    ) -> None:
        shape = (layers, batch, heads, capacity, channels)
        self._keys = torch.empty(shape, dtype=dtype, device=device)
        self._values = torch.empty_like(self._keys)
        self.length = 0

    @property
    def capacity(self) -> int:
        """Positions that fit."""
        return self._keys.shape[3]

    @property
    def batch(self) -> int:
        """Rows."""
        return self._keys.shape[1]

    def append(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Store (B, H, S, D) after the earlier positions; return views of all K + S of them.

        They are stored, and come back, in the cache's own type.

        Every layer appends the same positions; `advance` then makes them earlier ones.

        Raises:
            ValueError: they do not fit.
        """
        end = self.length + key.shape[2]
        if end > self.capacity:
            raise ValueError(f"the cache has room for {self.capacity} positions, needs {end}")
        self._keys[layer, :, :, self.length : end] = key
        self._values[layer, :, :, self.length : end] = value
        return self._keys[layer, :, :, :end], self._values[layer, :, :, :end]

    def advance(self, positions: int) -> None:
        """Count `positions` as stored in every layer."""
        self.length += positions
