import pytest
import torch

from tests.fakes.training_clips import CLIPS
from voxgate.training.fit.micro_batch import MicroBatch

WHOLE = MicroBatch.whole(CLIPS, seed=3)  # of 8, 11, 9 and 14 tokens


def test_the_whole_batch_has_every_share():
    assert WHOLE.clips == CLIPS
    assert WHOLE.clip_share == WHOLE.token_share == WHOLE.target_share == 1.0


def test_shares_are_of_clips_of_tokens_and_of_tokens_with_their_ends():
    micro_batch = MicroBatch(batch=CLIPS, places=(0,), seed=3)

    assert micro_batch.clip_share == 1 / 4
    assert micro_batch.token_share == 8 / 42
    assert micro_batch.target_share == 9 / 46


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_pieces_cover_the_batch_in_order(count):
    micro_batches = WHOLE.cut(count)

    assert len(micro_batches) <= count
    assert [place for micro_batch in micro_batches for place in micro_batch.places] == [0, 1, 2, 3]
    assert all(micro_batch.places for micro_batch in micro_batches)
    assert sum(micro_batch.target_share for micro_batch in micro_batches) == pytest.approx(1.0)


def test_a_piece_that_stands_in_for_none_has_no_share():
    micro_batch = MicroBatch(batch=CLIPS, places=(0,), seed=3, weight=0.0)

    assert micro_batch.clip_share == micro_batch.token_share == micro_batch.target_share == 0.0


def test_a_clip_draws_by_its_place_and_the_step():
    def draws(micro_batch):
        return [torch.rand((), generator=each).item() for each in micro_batch.generators()]

    assert draws(MicroBatch(batch=CLIPS, places=(2, 3), seed=3)) == draws(WHOLE)[2:]
    assert len(set(draws(WHOLE))) == 4
    assert draws(MicroBatch.whole(CLIPS, seed=4)) != draws(WHOLE)
