from __future__ import annotations

import pytest
import torch

from voxgate.pretraining.tokenizer.probe import (
    Utterance,
    edit_distance,
    phones,
    train_probe,
)


def _spoken(count: int, *, seed: int, noise: bool) -> list[Utterance]:
    """Utterances whose label k is heard as two tokens of code k; as noise, of any code."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    for _ in range(count):
        labels = torch.randint(1, 9, (10,), generator=generator)
        codes = labels.repeat_interleave(2)
        if noise:
            codes = torch.randint(1, 9, codes.shape, generator=generator)
        made.append(Utterance(codes, labels))
    return made


def test_the_probe_reads_codes_that_carry_the_phones() -> None:
    train, test = _spoken(100, seed=1, noise=False), _spoken(20, seed=2, noise=False)
    assert train_probe(train, test, codes=9, classes=9, steps=150, seed=1, hidden=24) < 0.1


def test_the_probe_cannot_read_noise() -> None:
    train, test = _spoken(100, seed=1, noise=True), _spoken(20, seed=2, noise=True)
    assert train_probe(train, test, codes=9, classes=9, steps=40, seed=1, hidden=24) > 0.7


def test_continuous_vectors_go_through_the_same_probe() -> None:
    def continuous(many: list[Utterance]) -> list[Utterance]:
        return [
            Utterance(torch.nn.functional.one_hot(one.inputs, 9).float(), one.labels)
            for one in many
        ]

    train = continuous(_spoken(100, seed=1, noise=False))
    test = continuous(_spoken(20, seed=2, noise=False))
    assert train_probe(train, test, codes=None, classes=9, steps=300, seed=1, hidden=24) < 0.1


def test_the_same_seed_gives_the_same_rate() -> None:
    train, test = _spoken(40, seed=1, noise=False), _spoken(20, seed=2, noise=False)
    rates = [
        train_probe(train, test, codes=9, classes=9, steps=10, seed=s, hidden=24) for s in (1, 1)
    ]
    assert rates[0] == rates[1]


def test_phones_of_both_accents_share_one_inventory() -> None:
    assert phones("bˈɑː^ɾə^l", british=False) == ["b", "ɑ", "t", "ə", "l"]
    assert phones("bˈɒtə^l", british=True) == ["b", "ɑ", "t", "ə", "l"]
    assert phones("nˈo^ʊ.", british=False) == phones("nˈə^ʊ.", british=True) == ["n", "O"]


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [([], [], 0), ([1], [], 1), ([], [1, 2], 2), ([1, 2, 3], [2, 3], 1), ([1, 2], [2, 1], 2)],
)
def test_edit_distance_counts_edits(left: list[int], right: list[int], distance: int) -> None:
    assert edit_distance(left, right) == distance
