from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxgate.corpus.cutting.spans import GRID, Span, gaps, total_samples


def test_seconds_land_on_the_grid() -> None:
    assert Span.of_seconds(1.004, 2.006) == Span(100 * GRID, 201 * GRID)
    assert Span(16_000, 24_000).duration_s == 0.5


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5)])
def test_an_impossible_span_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start < end"):
        Span(start, end)


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [(Span(0, 10), Span(5, 20), 5), (Span(0, 10), Span(10, 20), 0), (Span(0, 99), Span(3, 7), 4)],
)
def test_overlap_counts_shared_samples(first: Span, second: Span, shared: int) -> None:
    assert first.overlap(second) == second.overlap(first) == shared


@given(st.lists(st.integers(0, 1000), unique=True, min_size=2), st.integers(0, 50))
def test_spans_and_their_gaps_add_up(edges: list[int], tail: int) -> None:
    edges.sort()
    spans = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    length = spans[-1].end + tail
    assert total_samples(spans) + total_samples(gaps(spans, length)) == length


def test_what_overlaps_or_passes_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match="in order and apart"):
        gaps([Span(0, 10), Span(5, 20)], 30)
    with pytest.raises(ValueError, match="after the recording"):
        gaps([Span(0, 40)], 30)
