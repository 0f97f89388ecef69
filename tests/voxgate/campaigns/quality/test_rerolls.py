from __future__ import annotations

import pytest

from tests.fakes.sentence_figures import quality
from voxgate.campaigns.quality.rerolls import best_attempt, reroll_seeds


def test_seeds_go_up_by_a_thousand_and_begin_again_at_the_end() -> None:
    assert reroll_seeds(0) == (1000, 2000, 3000)
    assert reroll_seeds(5, tries=1) == (1005,)
    assert reroll_seeds(2**31 - 1, tries=1) == (999,)


def test_what_passed_is_kept_before_what_is_nearer_in_words() -> None:
    passed = quality(frame_edits=2.0, slot_distance=0.2, similarity=0.7)
    failed = quality("clipped", frame_edits=0.0, slot_distance=0.0, similarity=0.9)
    assert best_attempt([failed, passed]) == 1


def test_of_the_failed_the_frame_then_the_slot_then_the_speaker_decides() -> None:
    frame = quality("frame", frame_edits=1.0, slot_distance=0.5, similarity=0.5)
    slot = quality("slot", frame_edits=1.0, slot_distance=0.25, similarity=0.5)
    speaker = quality("slot", frame_edits=1.0, slot_distance=0.25, similarity=0.6)
    worst = quality("frame", frame_edits=2.0, slot_distance=0.0, similarity=0.9)
    assert best_attempt([worst, frame]) == 1
    assert best_attempt([worst, frame, slot]) == 2
    assert best_attempt([worst, frame, slot, speaker]) == 3


def test_what_nobody_could_hear_is_the_worst_and_the_first_of_equals_is_kept() -> None:
    unheard = quality("silent")
    heard = quality("frame", frame_edits=40.0, slot_distance=1.0, similarity=-1.0)
    assert best_attempt([unheard, heard]) == 1
    assert best_attempt([unheard, unheard]) == 0


def test_there_must_be_an_attempt() -> None:
    with pytest.raises(ValueError, match="empty"):
        best_attempt([])
