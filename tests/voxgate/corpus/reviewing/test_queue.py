from __future__ import annotations

from datetime import UTC, datetime

from tests.fakes.imports import an_import, doubtful, kept, silence
from voxgate.corpus.cutting.decisions import Decision
from voxgate.corpus.reviewing.queue import find_misfits, plan_queue

BO = an_import(kept(0, 2), doubtful(2, 4), speaker_id="bo")
ANNA = an_import(kept(0, 2), silence(2, 3), doubtful(3, 5), doubtful(5, 6.5))


def test_doubtful_clips_come_first_then_by_speaker_source_and_time() -> None:
    clips = plan_queue([BO, ANNA])
    assert [(clip.source.speaker_id, clip.stretch.span.start_s) for clip in clips] == [
        ("anna", 3), ("anna", 5), ("bo", 2), ("anna", 0), ("bo", 0),
    ]  # fmt: skip
    assert [clip.doubtful for clip in clips] == [True, True, True, False, False]
    assert clips[1].duration_ms == 1_500


def test_a_decision_about_a_clip_that_is_cut_otherwise_fits_no_more() -> None:
    at = datetime(2026, 1, 31, tzinfo=UTC)
    decisions = {
        clip.clip_id: Decision(clip=clip.clip_id, decision="accept", by="bo", at=at)
        for clip in plan_queue([ANNA])
    }
    again = plan_queue([an_import(kept(0, 2), silence(2, 3), doubtful(3, 5.1), silence(5.1, 6.5))])
    misfits = find_misfits(decisions, again)
    assert [decision.clip.rpartition("/")[2] for decision in misfits] == [
        "000003000-000005000", "000005000-000006500",
    ]  # fmt: skip
    assert find_misfits(decisions, plan_queue([ANNA])) == []
