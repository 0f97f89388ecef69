from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.imports import an_import, doubtful
from voxgate.corpus.cutting.decisions import Decision
from voxgate.corpus.reviewing.answers import Answer, decide
from voxgate.corpus.reviewing.queue import plan_queue
from voxgate.errors import CorpusError

AT = datetime(2026, 1, 31, tzinfo=UTC)
(CLIP,) = plan_queue([an_import(doubtful(0, 2, "good evening"))])


def answered(**answer: Any) -> Decision:
    return decide(CLIP, Answer(seen=0, **answer), by="bo on studio", at=AT)


def test_what_was_accepted_is_written_down_with_what_was_seen() -> None:
    decision = answered(decision="accept", text="  good\nevening, all ", trim_ms=(200, 1900))
    assert (decision.text, decision.trim_ms) == ("good evening, all", (200, 1900))
    assert (decision.by, decision.at) == ("bo on studio", AT)
    assert decision.was == {"text": "good evening", "status": "doubtful"}


def test_a_text_that_is_left_as_it_was_is_written_down_too() -> None:
    assert answered(decision="accept", text="good evening").text == "good evening"


def test_a_rejection_needs_no_text_and_keeps_no_edges() -> None:
    decision = answered(decision="reject", text="whatever", trim_ms=(200, 1900))
    assert (decision.decision, decision.text, decision.trim_ms) == ("reject", None, None)


def test_edges_that_are_the_clips_own_are_no_trim() -> None:
    assert answered(decision="accept", text="a", trim_ms=(0, 2000)).trim_ms is None


@pytest.mark.parametrize("trim_ms", [(-10, 900), (0, 2010), (500, 700), (900, 100), (5, 1000)])
def test_edges_outside_the_clip_or_the_grid_are_refused(trim_ms: tuple[int, int]) -> None:
    with pytest.raises(CorpusError, match="expected edges inside the clip's 2000 ms"):
        answered(decision="accept", text="a", trim_ms=trim_ms)


def test_the_end_of_a_recording_need_not_lie_on_the_grid() -> None:
    imported = an_import(doubtful(0, 2))
    span = type(CLIP.stretch.span)(0, 32_050)
    utterance = type(CLIP.utterance)(span=span, text="x", language="en")
    stretch = type(CLIP.stretch)(
        span=span, status=CLIP.stretch.status, reasons=CLIP.stretch.reasons, utterance=utterance
    )
    clip = type(CLIP)(clip_id="x", source=imported.source, stretch=stretch)
    answer = Answer(decision="accept", text="x", seen=0, trim_ms=(100, clip.duration_ms))
    assert decide(clip, answer, by="bo", at=AT).trim_ms == (100, 2003)


def test_a_clip_without_words_is_not_accepted() -> None:
    with pytest.raises(CorpusError, match="expected the words that are said, got none"):
        answered(decision="accept", text=" \n ")


def test_a_character_that_hides_is_named() -> None:
    with pytest.raises(CorpusError, match=r"U\+202E .* does not print"):
        answered(decision="accept", text="good \u202egnineve")
