from __future__ import annotations

import random

import pytest

from voxgate.pretraining.spelling.back_off import NGram, estimate, prune

START, END = 0, 1
SYMBOLS = (END, 2, 3, 4)


def _rows() -> list[list[int]]:
    rng = random.Random(3)
    return [
        [START, *(rng.choice([2, 2, 2, 3, 4]) for _ in range(rng.randint(1, 6))), END]
        for _ in range(200)
    ]


def _probability(
    gram: NGram, probabilities: dict[NGram, float], back_off: dict[NGram, float]
) -> float:
    factor = 1.0
    while gram not in probabilities:
        factor *= back_off.get(gram[:-1], 1.0)
        gram = gram[1:]
    return factor * probabilities[gram]


@pytest.mark.parametrize("min_count", [1, 3])
def test_each_context_shares_one_among_the_symbols(min_count: int) -> None:
    probabilities, back_off, counts = estimate(_rows(), order=5, start=START)
    if min_count > 1:
        probabilities, back_off = prune(probabilities, counts, min_count=min_count)
    for context in [(), (START,), (START, 2), (2, 2), (2, 2, 3), (3, 4, 2, 2), (4, 4, 4, 4)]:
        total = sum(_probability((*context, s), probabilities, back_off) for s in SYMBOLS)
        assert total == pytest.approx(1, abs=1e-6)


def test_frequent_continuations_are_likelier() -> None:
    probabilities, _, _ = estimate([[0, 2, 3, 1]] * 8 + [[0, 2, 4, 1]] * 2, order=3, start=START)
    assert probabilities[0, 2, 3] > probabilities[0, 2, 4] > 0


def test_pruning_keeps_the_beginnings_of_what_it_keeps() -> None:
    probabilities, _, counts = estimate(_rows(), order=5, start=START)
    kept, _ = prune(probabilities, counts, min_count=5)
    assert len(kept) < len(probabilities)
    assert all(gram[:-1] in kept for gram in kept if len(gram) > 1)
    assert all(gram in kept for gram in probabilities if len(gram) <= 3)
