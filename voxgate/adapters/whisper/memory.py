"""What Whisper's decoder attends to, prepared once for every text that is tried on it.

Each block of the decoder projects the encoder's output to keys and values of its own. To decode a
text and then to align it, those projections are the same, and cost a third of the encoder itself.
N is a batch size, S counts encoder positions, D is the width of the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn
from whisper.model import Whisper

__all__ = ["Memory", "remember"]


@dataclass(frozen=True)
class Memory:
    """Encoded audio (N, S, D) and its projections (N, S, D), by the module that makes each."""

    encoded: Tensor
    projections: dict[nn.Module, Tensor]
    first: nn.Module

    def of_rows(self, rows: Sequence[int]) -> Memory:
        """Return the memory of some clips of the batch, in the order of `rows`."""
        if list(rows) == list(range(len(self.encoded))):
            return self
        chosen = list(rows)
        kept = {module: each[chosen] for module, each in self.projections.items()}
        return Memory(self.encoded[chosen], kept, self.first)

    def as_cache(self) -> dict[nn.Module, Tensor]:
        """Return a new `kv_cache` of openai-whisper for texts that begin at their first token.

        The decoder reads how many tokens it has seen off the length of the first entry, which is
        therefore the key of its first self-attention: none as yet.
        """
        return {self.first: self.encoded[:, :0], **self.projections}


def remember(network: Whisper, encoded: Tensor) -> Memory:
    """Project `encoded` (N, S, D) once for each block of the decoder."""
    blocks = network.decoder.blocks
    crossings = [block.cross_attn for block in blocks]
    modules = [module for each in crossings for module in (each.key, each.value)]
    return Memory(encoded, {module: module(encoded) for module in modules}, blocks[0].attn.key)
