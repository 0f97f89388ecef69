"""k-means: the codebook of speech tokens, and how much of the features it keeps."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["Codebook", "assign", "fit_codebook"]

_BLOCK = 8192


@dataclass(frozen=True)
class Codebook:
    """centres: (K, D) float32; the other two describe the vectors that it was fitted to."""

    centres: Tensor
    explained_variance: float
    perplexity: float
    """exp of the entropy of the codes' use; K if all were used alike."""


def assign(vectors: Tensor, centres: Tensor) -> tuple[Tensor, Tensor]:
    """Return the nearest centre of each of (N, D) vectors: (N,) int64, and its squared distance."""
    norms = centres.square().sum(1)
    codes, distances = [], []
    for block in torch.split(vectors, _BLOCK):
        score = norms - 2 * block @ centres.T  # (B, K)
        best = score.min(1)
        codes.append(best.indices)
        distances.append((best.values + block.square().sum(1)).clamp_min(0))
    return torch.cat(codes), torch.cat(distances)


def fit_codebook(vectors: Tensor, *, codes: int, seed: int, iterations: int = 25) -> Codebook:
    """Fit Lloyd's k-means to (N, D) vectors, from k-means++ seeds; empty codes move to far vectors.

    Raises:
        ValueError: fewer vectors than codes.
    """
    if len(vectors) < codes:
        raise ValueError(f"{len(vectors)} vectors for {codes} codes; give it more speech")
    generator = torch.Generator().manual_seed(seed)
    centres = _seeds(vectors, codes, generator)
    for _ in range(iterations):
        index, distance = assign(vectors, centres)
        count = torch.bincount(index, minlength=codes)
        total = torch.zeros_like(centres).index_add_(0, index, vectors)
        centres = total / count.clamp_min(1)[:, None]
        empty = (count == 0).nonzero().flatten()
        centres[empty] = vectors[distance.topk(len(empty)).indices]
    index, distance = assign(vectors, centres)
    share = torch.bincount(index, minlength=codes).double() / len(vectors)
    variance = (vectors - vectors.mean(0)).square().sum()
    return Codebook(
        centres=centres,
        explained_variance=float(1 - distance.sum() / variance),
        perplexity=float(torch.exp(-torch.xlogy(share, share).sum())),
    )


def _seeds(vectors: Tensor, codes: int, generator: torch.Generator) -> Tensor:
    """Draw k-means++ seeds (Arthur & Vassilvitskii 2007): far vectors are likelier."""
    first = torch.randint(len(vectors), (1,), generator=generator)
    chosen = [int(first)]
    norms = vectors.square().sum(1)
    nearest = torch.full((len(vectors),), float("inf"))
    while len(chosen) < codes:
        last = vectors[chosen[-1]]
        nearest = torch.minimum(nearest, (norms - 2 * vectors @ last + last @ last).clamp_min(0))
        chosen.append(int(torch.multinomial(nearest, 1, generator=generator)))
    return vectors[chosen]
