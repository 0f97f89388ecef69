from __future__ import annotations

from pathlib import Path

from scripts.corpus.truth import Event, Kind, Truth, read_truth, write_events
from voxgate.corpus.cutting.spans import Span
from voxgate.files import write_json

EVENTS = (
    Event(
        kind=Kind.SPEECH,
        span=Span(0, 16_001),
        speech=(Span(160, 8000), Span(11_200, 16_000)),
        speaker="anna",
        language="fr",
        clip="digits/1",
        text="Un, c'est ça.",
    ),
    Event(kind=Kind.MUSIC, span=Span(20_000, 40_000)),
    Event(
        kind=Kind.SPEECH, span=Span(41_000, 42_000), speech=(Span(41_000, 42_000),), speaker="carl"
    ),
)


def test_the_truth_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_events(tmp_path / "truth.jsonl", EVENTS)
    write_json(tmp_path / "facts.json", {"speaker": "anna", "language": "fr", "n_samples": 50_000})
    truth = read_truth(tmp_path)
    assert truth == Truth(speaker="anna", language="fr", n_samples=50_000, events=EVENTS)
    assert ([*truth.wanted], [*truth.others]) == ([EVENTS[0]], [EVENTS[2]])
