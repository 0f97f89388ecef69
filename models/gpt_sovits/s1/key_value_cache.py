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
        shape = (2, batch, heads, capacity, channels)
        self._pairs = [torch.empty(shape, dtype=dtype, device=device) for _ in range(layers)]
        self._capacity, self._batch = capacity, batch
        self.length = 0

    @property
    def capacity(self) -> int:
        """Positions that fit."""
        return self._capacity

    @property
    def batch(self) -> int:
        """Rows."""
        return self._batch

    def append(self, layer: int, pair: Tensor) -> tuple[Tensor, Tensor]:
        """Store keys and values (2, B, H, S, D) after the earlier positions.

        Every layer appends the same positions; `advance` then makes them earlier ones.

        Returns:
            Views of all keys and all values, (B, H, K + S, D) each, in the cache's own type.

        Raises:
            ValueError: they do not fit.
        """
        size = pair.shape[3]
        end = self.length + size
        if end > self._capacity:
            raise ValueError(f"the cache has room for {self._capacity} positions, needs {end}")
        stored = self._pairs[layer]
        stored.narrow(3, self.length, size).copy_(pair)
        keys, values = stored.narrow(3, 0, end).unbind()
        return keys, values

    def advance(self, positions: int) -> None:
        """Count `positions` as stored in every layer."""
        self.length += positions
