from __future__ import annotations

import math

import pytest

from tasks.measuring.sound_moves import find_moves, mean_sound
from tests.fakes.evidence import make_row
from voxgate.evaluation.evidence import ItemScore


def rows(**sound: list[float | None]) -> list[ItemScore]:
    count = len(next(iter(sound.values())))
    return [
        make_row(n, 0, sound={name: values[n] for name, values in sound.items()})
        for n in range(count)
    ]


def test_a_mean_is_over_the_samples_that_have_the_measure() -> None:
    means = mean_sound(rows(pause_s=[0.2, None, 0.4], pace=[12.0, 13.0, 14.0], quality=[None] * 3))
    assert means == {"pause_s": 0.3, "pace": 13.0}
    assert list(means) == ["pause_s", "pace"]
    assert mean_sound([]) == {}


def test_what_moved_most_against_the_spread_of_the_sound_voice_comes_first() -> None:
    sound = rows(level_lufs=[-19.0, -21.0], pace=[10.0, 14.0], clipped_share=[0.0, 0.0])
    bad = rows(level_lufs=[-24.0, -26.0], pace=[14.0, 18.0], clipped_share=[0.1, 0.1])
    moves = find_moves(sound, bad)
    assert [move.measure for move in moves] == ["clipped_share", "level_lufs", "pace"]
    assert moves[0].spreads == math.inf
    assert (moves[1].before, moves[1].after) == (-20.0, -25.0)
    assert [move.spreads for move in moves[1:]] == pytest.approx([5.0, 2.0])


def test_what_did_not_move_or_was_not_measured_twice_is_no_move() -> None:
    sound = rows(level_lufs=[-20.0, -20.0], tail_s=[0.1, 0.3])
    assert find_moves(sound, sound) == ()
    assert find_moves(sound, rows(quality=[3.0, 3.0])) == ()
