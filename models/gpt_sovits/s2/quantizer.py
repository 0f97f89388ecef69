"""The tokenizer's codebook: nearest of K vectors, with the update rules used when it is trained.

Source: docs/gpt_sovits.md 3.2. Names nest as in the public checkpoints:
`quantizer.vq.layers.0._codebook.{inited,cluster_size,embed,embed_avg}`, all buffers.
K codes, D channels, B batch, T frames.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["Codebook", "SemanticQuantizer"]

_DECAY = 0.99
_SMOOTHING = 1e-5
_MIN_CLUSTER_SIZE = 2.0
_CHUNK_ROWS = 8192
"""Rows a distance matrix: bounds memory at long inputs."""


class Codebook(nn.Module):
    """K vectors of D channels; fixed unless `update` is called."""

    inited: Tensor
    cluster_size: Tensor
    embed: Tensor
    embed_avg: Tensor

    def __init__(self, codes: int, channels: int) -> None:
        super().__init__()
        self.register_buffer("inited", torch.ones(1))
        self.register_buffer("cluster_size", torch.ones(codes))
        self.register_buffer("embed", torch.randn(codes, channels))
        self.register_buffer("embed_avg", self.embed.clone())

    def nearest(self, vectors: Tensor) -> Tensor:
        """Return the index of the nearest code of each row: (N, D) → (N,) int64."""
        norms = self.embed.pow(2).sum(1)  # (K,)
        found = []
        for rows in torch.split(vectors, _CHUNK_ROWS):
            distance = rows.pow(2).sum(1, keepdim=True) - 2 * rows @ self.embed.t() + norms
            found.append((-distance).argmax(1))
        return torch.cat(found) if found else vectors.new_zeros(0, dtype=torch.long)

    def forward(self, codes: Tensor) -> Tensor:
        """Look codes up: any shape int64 → the same shape with D appended."""
        return F.embedding(codes, self.embed)

    @torch.no_grad()
    def update(self, vectors: Tensor, codes: Tensor, generator: torch.Generator) -> None:
        """Move the codes towards the vectors that chose them (exponential moving average).

        Codes that almost nobody chooses are replaced by random rows of `vectors`.

        Args:
            vectors: (N, D) rows that were quantised.
            codes: (N,) their codes.
            generator: draws the replacements.
        """
        chosen = F.one_hot(codes, len(self.embed)).to(vectors.dtype)  # (N, K)
        self.cluster_size.mul_(_DECAY).add_(chosen.sum(0), alpha=1 - _DECAY)
        self.embed_avg.mul_(_DECAY).add_(chosen.t() @ vectors, alpha=1 - _DECAY)
        total = self.cluster_size.sum()
        smoothed = (self.cluster_size + _SMOOTHING) / (total + len(self.embed) * _SMOOTHING) * total
        self.embed.copy_(self.embed_avg / smoothed[:, None])
        dead = self.cluster_size < _MIN_CLUSTER_SIZE
        draws = torch.randint(len(vectors), (len(self.embed),), generator=generator)
        self.embed[dead] = vectors[draws.to(vectors.device)][dead]


class _Level(nn.Module):
    def __init__(self, codes: int, channels: int) -> None:
        super().__init__()
        self._codebook = Codebook(codes, channels)


class _Levels(nn.Module):
    def __init__(self, codes: int, channels: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([_Level(codes, channels)])


class SemanticQuantizer(nn.Module):
    """A residual quantiser with one level, as every public checkpoint has it."""

    def __init__(self, codes: int, channels: int) -> None:
        super().__init__()
        self.vq = _Levels(codes, channels)

    @property
    def codebook(self) -> Codebook:
        """The one level's codebook."""
        book = self.vq.layers[0].get_submodule("_codebook")
        assert isinstance(book, Codebook)
        return book

    @torch.no_grad()
    def encode(self, features: Tensor) -> Tensor:
        """Quantise (B, D, T) features to (B, 1, T) int64 codes."""
        rows = features.transpose(1, 2)  # (B, T, D)
        codes = self.codebook.nearest(rows.reshape(-1, rows.shape[-1]))
        return codes.view(rows.shape[0], 1, rows.shape[1])

    def decode(self, codes: Tensor) -> Tensor:
        """Look (B, 1, T) codes up: (B, D, T)."""
        vectors: Tensor = self.codebook(codes[:, 0])  # (B, T, D)
        return vectors.transpose(1, 2)
