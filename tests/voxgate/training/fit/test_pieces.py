import pytest
import torch

from tests.fakes.training_clips import CLIPS
from voxgate.training.fit.pieces import Piece

WHOLE = Piece.whole(CLIPS, seed=3)  # of 8, 11, 9 and 14 tokens


def test_the_whole_batch_has_every_share():
    assert WHOLE.clips == CLIPS
    assert WHOLE.clip_share == WHOLE.token_share == WHOLE.target_share == 1.0


def test_shares_are_of_clips_of_tokens_and_of_tokens_with_their_ends():
    piece = Piece(batch=CLIPS, places=(0,), seed=3)

    assert piece.clip_share == 1 / 4
    assert piece.token_share == 8 / 42
    assert piece.target_share == 9 / 46


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_pieces_cover_the_batch_in_order(count):
    pieces = WHOLE.cut(count)

    assert len(pieces) <= count
    assert [place for piece in pieces for place in piece.places] == [0, 1, 2, 3]
    assert all(piece.places for piece in pieces)
    assert sum(piece.target_share for piece in pieces) == pytest.approx(1.0)


def test_a_piece_that_stands_in_for_none_has_no_share():
    piece = Piece(batch=CLIPS, places=(0,), seed=3, weight=0.0)

    assert piece.clip_share == piece.token_share == piece.target_share == 0.0


def test_a_clip_draws_by_its_place_and_the_step():
    def draws(piece):
        return [torch.rand((), generator=each).item() for each in piece.generators()]

    assert draws(Piece(batch=CLIPS, places=(2, 3), seed=3)) == draws(WHOLE)[2:]
    assert len(set(draws(WHOLE))) == 4
    assert draws(Piece.whole(CLIPS, seed=4)) != draws(WHOLE)
