import numpy as np
import pytest

from voxgate.training.fit.buckets import BucketOrder, cut_by_speech

RANDOM = np.random.default_rng(5)
SECONDS = np.clip(np.exp(RANDOM.normal(0.86, 0.65, 2000)), 1, 20)
TOKENS = np.round(SECONDS * 25).astype(int).tolist()
PHONES = np.round(SECONDS * 12 * np.exp(RANDOM.normal(0, 0.18, 2000))).astype(int).tolist()


def order(seed: int = 1, *, seconds: float = 40.0, batch_size: int = 64) -> BucketOrder:
    return BucketOrder(
        lengths=TOKENS, tokens=TOKENS, seconds=seconds, batch_size=batch_size, seed=seed
    )


def epoch(of: BucketOrder, number: int = 0) -> list[list[int]]:
    steps = of.batches_per_epoch
    return [of.at(step) for step in range(number * steps, (number + 1) * steps)]


def padded(batches: list[list[int]], *columns: list[int]) -> float:
    """Return the share of what a batch's tensors hold that is padding."""
    real = sum(column[index] for batch in batches for index in batch for column in columns)
    held = sum(len(b) * max(column[i] for i in b) for b in batches for column in columns)
    return 1 - real / held


@pytest.mark.parametrize("number", [0, 1, 7])
def test_every_clip_occurs_once_in_every_epoch(number):
    batches = epoch(order(), number)

    assert sorted(index for batch in batches for index in batch) == list(range(2000))


def test_no_batch_has_more_than_a_tenth_of_padding():
    batches = epoch(order())

    assert max(padded([batch], TOKENS) for batch in batches) <= 0.1
    assert padded(batches, TOKENS) < 0.05


def test_clips_that_differ_by_more_than_a_tenth_never_meet():
    few = [100, 91, 90, 89, 72]
    batches = epoch(BucketOrder(lengths=few, tokens=few, seconds=60.0, batch_size=8, seed=1))

    assert sorted(map(sorted, batches)) == [[0, 1, 2], [3], [4]]


def test_what_is_padded_apart_has_little_padding_too():
    both = [t + p for t, p in zip(TOKENS, PHONES, strict=True)]
    batches = epoch(BucketOrder(lengths=both, tokens=TOKENS, seconds=40.0, batch_size=64, seed=1))

    assert padded(batches, TOKENS, PHONES) < 0.1


def test_a_batch_is_as_long_as_asked_padding_included_and_has_no_more_clips():
    batches = epoch(order(seconds=30.0, batch_size=12))

    assert max(len(b) * max(TOKENS[i] for i in b) / 25 for b in batches) <= 30.0
    assert max(map(len, batches)) == 12


def test_a_clip_that_is_longer_alone_is_a_batch_of_its_own():
    lone = BucketOrder(
        lengths=[500, 490, 20], tokens=[500, 490, 20], seconds=10.0, batch_size=8, seed=0
    )

    assert sorted(epoch(lone)) == [[0], [1], [2]]


def test_a_step_is_the_same_whether_or_not_earlier_steps_were_asked_for():
    running = order(seed=3)
    walked = [running.at(step) for step in range(2 * running.batches_per_epoch)]

    for step in (0, 57, running.batches_per_epoch, 2 * running.batches_per_epoch - 1):
        assert order(seed=3).at(step) == walked[step]


def pairs(batches: list[list[int]]) -> set[tuple[int, int]]:
    """Return which clips met."""
    return {(a, b) for batch in batches for a in batch for b in batch if a < b}


def test_epochs_and_seeds_mix_other_clips():
    first = pairs(epoch(order(seconds=20.0)))

    for other in (epoch(order(seconds=20.0), 1), epoch(order(seed=2, seconds=20.0))):
        assert len(first & pairs(other)) < len(first) / 4


def test_what_is_measured_is_cut_into_batches_of_the_same_size():
    cuts = cut_by_speech([25, 25, 50, 75, 600, 600], seconds=6.0, batch_size=3)

    assert cuts == [slice(0, 3), slice(3, 4), slice(4, 5), slice(5, 6)]
    assert cut_by_speech([25] * 5, seconds=60.0, batch_size=2) == [
        slice(0, 2),
        slice(2, 4),
        slice(4, 5),
    ]
