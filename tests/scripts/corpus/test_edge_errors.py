from __future__ import annotations

import pytest

from scripts.corpus.cuts import Cut
from scripts.corpus.edge_errors import EdgeErrors, measure_edges
from scripts.corpus.truth import Event, Kind, Truth
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status

MS = 16


def speech(start_ms: int, end_ms: int, speaker: str = "anna") -> Event:
    span = Span(start_ms * MS, end_ms * MS)
    return Event(kind=Kind.SPEECH, span=span, speech=(span,), speaker=speaker, text="one")


TRUTH = Truth(
    speaker="anna",
    language="en",
    n_samples=20_000 * MS,
    events=(
        speech(1000, 3000),
        speech(3200, 5000, "carl"),  # 200 ms after her
        speech(8000, 10_000),
        Event(kind=Kind.TONE, span=Span(10_100 * MS, 11_000 * MS)),  # 100 ms after her
        speech(11_100, 13_000),  # 100 ms after the tone
    ),
)


def cut(start_ms: int, end_ms: int, said: tuple[int, int] | None = None) -> Cut:
    return Cut(
        span=Span(start_ms * MS, end_ms * MS),
        status=Status.KEPT,
        text="one",
        said=Span(said[0] * MS, said[1] * MS) if said else None,
    )


def measure(*cuts: Cut, room_s: float = 0.15) -> EdgeErrors:
    return measure_edges(TRUTH, cuts, room_s=room_s)


def test_room_is_wanted_as_far_as_the_pause_has_it() -> None:
    assert measure(cut(850, 3100), cut(7850, 10_050), cut(11_050, 13_150)).p95_s == 0


def test_without_room_the_speech_itself_is_wanted() -> None:
    assert measure(cut(1000, 3000), room_s=0).p95_s == 0
    assert measure(cut(1000, 3000)).median_s == pytest.approx((0.15 + 0.1) / 2)


def test_an_edge_is_held_against_the_nearest_of_its_kind() -> None:
    found = measure(cut(1100, 9900), room_s=0)
    assert (found.edges, found.median_s) == (2, pytest.approx(0.1))


def test_a_cut_that_begins_with_somebody_else_is_far_off() -> None:
    assert measure(cut(3200, 10_000), room_s=0).p95_s == pytest.approx(0.95 * 2.2)


def test_words_have_an_error_of_their_own() -> None:
    found = measure(cut(850, 3100, said=(1040, 2960)))
    assert found.said_median_s == pytest.approx(0.04)
    assert measure(cut(850, 3100)).said_median_s is None


@pytest.mark.parametrize(("at_ms", "inside"), [(1020, 0), (1040, 1), (2960, 1), (2980, 0)])
def test_an_edge_amid_speech_is_counted(at_ms: int, inside: int) -> None:
    assert measure(cut(at_ms, 3100)).inside == inside


def test_no_cut_has_no_error() -> None:
    assert measure() == EdgeErrors(
        edges=0, median_s=None, p95_s=None, said_median_s=None, said_p95_s=None, inside=0
    )
