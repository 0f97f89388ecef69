from __future__ import annotations

from scripts.corpus.baseline import cut_at_segments
from voxgate.corpus.cutting.spans import Span


def spans(*segments: tuple[float, float, str]) -> list[tuple[Span, str | None]]:
    given = [{"start": start, "end": end, "text": text} for start, end, text in segments]
    return [(cut.span, cut.text) for cut in cut_at_segments(given, 160_000)]


def test_segments_are_cut_at_their_times() -> None:
    assert spans((0.0, 2.0, " One."), (2.0, 3.5, " Two.")) == [
        (Span(0, 32_000), "One."),
        (Span(32_000, 56_000), "Two."),
    ]


def test_a_segment_that_goes_back_or_past_the_end_stays_inside() -> None:
    assert spans((0.0, 2.0, "One."), (1.0, 3.0, "Two."), (9.0, 30.0, "Three.")) == [
        (Span(0, 32_000), "One."),
        (Span(32_000, 48_000), "Two."),
        (Span(144_000, 160_000), "Three."),
    ]


def test_a_segment_without_time_is_a_frame_and_one_without_text_is_none() -> None:
    assert spans((1.0, 1.0, "One."), (2.0, 3.0, " ")) == [(Span(16_000, 16_160), "One.")]
