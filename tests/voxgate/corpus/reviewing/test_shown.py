from __future__ import annotations

from datetime import UTC, datetime

from tests.fakes.imports import an_import, silence
from voxgate.corpus.cutting.decisions import Decision
from voxgate.corpus.cutting.reasons import REMEDIES
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Reason, Status, Stretch, Utterance
from voxgate.corpus.reviewing.queue import plan_queue
from voxgate.corpus.reviewing.shown import describe_clip
from voxgate.types import WordTiming

SPAN = Span.of_seconds(60.0, 62.5)
UTTERANCE = Utterance(
    span=SPAN,
    text="good morning",
    language="en",
    words=(
        WordTiming(word=" good", start_s=60.2, end_s=60.55, probability=0.91234),
        WordTiming(word=" morning", start_s=60.6, end_s=61.0, probability=0.4),
    ),
    measures={"pass_wer": 1 / 3},
)
REASONS = (
    Reason(code="low_snr", expected="at least 15 dB", arrived="9 dB"),
    Reason(code="of_a_later_release", expected="a", arrived="b"),
)
STRETCH = Stretch(span=SPAN, status=Status.DOUBTFUL, reasons=REASONS, utterance=UTTERANCE)
(CLIP,) = plan_queue([an_import(silence(0, 60), STRETCH)])


def _decision(verdict: str) -> Decision:
    at = datetime(2026, 1, 31, 10, tzinfo=UTC)
    return Decision(clip=CLIP.clip_id, decision=verdict, by="bo", at=at)  # type: ignore[arg-type]


def test_words_count_from_the_beginning_of_the_clip() -> None:
    words = describe_clip(CLIP, [])["words"]
    assert words == [
        {"word": "good", "start_ms": 200, "end_ms": 550, "probability": 0.912},
        {"word": "morning", "start_ms": 600, "end_ms": 1000, "probability": 0.4},
    ]


def test_reasons_are_in_words_with_what_to_do() -> None:
    first, second = describe_clip(CLIP, [])["reasons"]
    assert first == {
        "title": "low snr",
        "found": "expected at least 15 dB, got 9 dB",
        "remedy": REMEDIES["low_snr"],
    }
    assert second["remedy"] == "listen to it"


def test_it_says_where_the_clip_comes_from_and_what_was_measured() -> None:
    shown = describe_clip(CLIP, [])
    assert (shown["source"], shown["start_s"], shown["duration_ms"]) == ("talk.wav", 60.0, 2500)
    assert shown["measures"] == {"pass_wer": 0.333}


def test_the_last_decision_stands_unless_it_was_taken_back() -> None:
    assert describe_clip(CLIP, [])["decision"] is None
    shown = describe_clip(CLIP, [_decision("reject"), _decision("accept")])
    assert (shown["decision"]["decision"], shown["seen"]) == ("accept", 2)
    shown = describe_clip(CLIP, [_decision("reject"), _decision("undo")])
    assert (shown["decision"], shown["seen"]) == (None, 2)
