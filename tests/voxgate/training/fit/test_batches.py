import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.training_clips import LOOP
from voxgate.params.train import LoopParams
from voxgate.training.fit.batches import (
    BatchOrder,
    epoch_batches,
    measured_batches,
    training_order,
)
from voxgate.training.fit.buckets import BucketOrder

LENGTHS = [(7 * i) % 41 + 1 for i in range(53)]


def test_every_clip_occurs_once_in_an_epoch():
    batches = epoch_batches(LENGTHS, batch_size=6, seed=1, epoch=0)

    assert sorted(index for batch in batches for index in batch) == list(range(53))
    assert all(len(batch) <= 6 for batch in batches)


def test_order_is_a_function_of_seed_and_epoch():
    first = epoch_batches(LENGTHS, batch_size=6, seed=1, epoch=0)

    assert first == epoch_batches(LENGTHS, batch_size=6, seed=1, epoch=0)
    assert first != epoch_batches(LENGTHS, batch_size=6, seed=1, epoch=1)
    assert first != epoch_batches(LENGTHS, batch_size=6, seed=2, epoch=0)


def test_clips_of_a_batch_are_closer_in_length_than_at_random():
    batches = epoch_batches(LENGTHS, batch_size=6, seed=1, epoch=0)
    padded = sum(max(LENGTHS[i] for i in batch) * len(batch) for batch in batches)
    unsorted = sum(max(LENGTHS[at : at + 6]) * len(LENGTHS[at : at + 6]) for at in range(0, 53, 6))

    assert padded < 0.8 * unsorted


def test_a_step_is_the_same_whether_or_not_earlier_steps_were_asked_for():
    running = BatchOrder(LENGTHS, batch_size=6, seed=3)
    walked = [running.at(step) for step in range(25)]

    assert BatchOrder(LENGTHS, batch_size=6, seed=3).at(24) == walked[24]
    assert running.batches_per_epoch == 9


def test_a_batch_may_be_larger_than_the_corpus():
    assert sorted(BatchOrder([5, 3], batch_size=8, seed=0).at(7)) == [0, 1]


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_order_does_not_depend_on_how_strings_are_hashed(hash_seed):
    program = (
        "from voxgate.training.fit.batches import epoch_batches as order\n"
        "print(order(range(40), batch_size=3, seed=7, epoch=2))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[4],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."},
    ).stdout

    assert said.strip() == str(epoch_batches(range(40), batch_size=3, seed=7, epoch=2))


def test_without_seconds_a_batch_is_so_many_clips_as_it_has_always_been():
    loop = LoopParams(**LOOP | {"batch_size": 6})
    order = training_order(loop, LENGTHS, [1] * 53, seed=3)

    assert order == BatchOrder(LENGTHS, batch_size=6, seed=3)
    assert order.at(0) == [33, 39, 45, 4, 51, 10]  # decides the bytes of voices
    assert measured_batches(loop, [9] * 8) == [slice(0, 6), slice(6, 12)]


def test_seconds_make_batches_of_clips_of_one_length():
    loop = LoopParams(**LOOP | {"batch_size": 6, "batch_seconds": 2.0})
    order = training_order(loop, LENGTHS, LENGTHS, seed=3)

    assert isinstance(order, BucketOrder)
    assert all(len(b) * max(LENGTHS[i] for i in b) <= 50 for b in map(order.at, range(40)))
    assert measured_batches(loop, [20, 20, 20]) == [slice(0, 2), slice(2, 3)]
