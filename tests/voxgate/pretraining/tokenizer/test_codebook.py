from __future__ import annotations

import pytest
import torch

from voxgate.pretraining.tokenizer.codebook import assign, fit_codebook


def _clusters(count: int = 6, each: int = 50) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    middles = torch.randn(count, 8, generator=generator) * 10
    return torch.cat([m + 0.1 * torch.randn(each, 8, generator=generator) for m in middles])


def test_separate_clusters_are_found() -> None:
    book = fit_codebook(_clusters(), codes=6, seed=1)
    codes = assign(_clusters(), book.centres)[0].reshape(6, 50)
    assert all(len(row.unique()) == 1 for row in codes)
    assert len(codes.unique()) == 6
    assert book.explained_variance > 0.999
    assert book.perplexity == pytest.approx(6)


def test_the_same_seed_gives_the_same_codebook() -> None:
    vectors = torch.randn(500, 8, generator=torch.Generator().manual_seed(5))
    books = [fit_codebook(vectors, codes=32, seed=seed).centres for seed in (1, 1, 2)]
    assert torch.equal(books[0], books[1])
    assert not torch.equal(books[0], books[2])


def test_no_code_stays_unused_on_more_vectors_than_codes() -> None:
    vectors = torch.randn(400, 4, generator=torch.Generator().manual_seed(5))
    book = fit_codebook(vectors, codes=100, seed=1)
    assert len(assign(vectors, book.centres)[0].unique()) == 100


def test_distances_are_squared_euclidean() -> None:
    vectors = torch.randn(40, 4, generator=torch.Generator().manual_seed(5))
    codes, distances = assign(vectors, vectors[:7])
    expected = torch.cdist(vectors, vectors[:7]).square().min(1)
    assert torch.equal(codes, expected.indices)
    torch.testing.assert_close(distances, expected.values, atol=1e-5, rtol=1e-4)


def test_too_few_vectors_are_refused() -> None:
    with pytest.raises(ValueError, match="give it more speech"):
        fit_codebook(torch.randn(5, 3), codes=6, seed=1)
