from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.imports import DOUBT
from voxgate.corpus.cutting.assembly import assemble, keep_apart
from voxgate.corpus.cutting.spans import GRID, Span, gaps, total_samples
from voxgate.corpus.cutting.stretches import Status, Stretch, Utterance
from voxgate.types import WordTiming


def spoken(start_s: float, end_s: float, text: str = "hello") -> Utterance:
    words = (
        (WordTiming(word=text, start_s=start_s + 0.2, end_s=end_s - 0.2, probability=1.0),)
        if text
        else ()
    )
    return Utterance(span=Span.of_seconds(start_s, end_s), text=text, language="en", words=words)


def silent(span: Span) -> list[Stretch]:
    return [Stretch(span=span, status=Status.SILENCE)]


def statuses(stretches: tuple[Stretch, ...]) -> list[tuple[Status, float, float]]:
    return [(s.status, s.span.start_s, s.span.end_s) for s in stretches]


def test_each_part_of_a_recording_has_its_status() -> None:
    utterances = [(spoken(1, 3), ()), (spoken(4, 6), (DOUBT,)), (spoken(6, 6.5, ""), (DOUBT,))]
    others = [Span.of_seconds(7, 9)]
    stretches = assemble(utterances, others, 160_000, name_rest=silent, min_utterance_s=1.0)
    assert statuses(stretches) == [
        (Status.SILENCE, 0, 1),
        (Status.KEPT, 1, 3),
        (Status.SILENCE, 3, 4),
        (Status.DOUBTFUL, 4, 6),
        (Status.REJECTED, 6, 6.5),
        (Status.SILENCE, 6.5, 7),
        (Status.OTHER_SPEAKER, 7, 9),
        (Status.SILENCE, 9, 10),
    ]


def test_longer_speech_without_a_word_is_for_a_person_to_hear() -> None:
    utterances = [(spoken(1, 3, ""), (DOUBT,))]
    stretches = assemble(utterances, [], 160_000, name_rest=silent, min_utterance_s=1.0)
    assert stretches[1].status is Status.DOUBTFUL


def test_what_an_utterance_shares_with_somebody_else_is_counted_once() -> None:
    others = [Span.of_seconds(0.5, 2), Span.of_seconds(1.5, 3.5)]
    stretches = assemble(
        [(spoken(1, 3), ())], others, 64_000, name_rest=silent, min_utterance_s=1.0
    )
    assert statuses(stretches) == [
        (Status.SILENCE, 0, 0.5),
        (Status.OTHER_SPEAKER, 0.5, 1),
        (Status.KEPT, 1, 3),
        (Status.OTHER_SPEAKER, 3, 3.5),
        (Status.SILENCE, 3.5, 4),
    ]


def test_silences_that_follow_each_other_are_one() -> None:
    def halves(span: Span) -> list[Stretch]:
        middle = (span.start + span.end) // 2
        return [*silent(Span(span.start, middle)), *silent(Span(middle, span.end))]

    (stretch,) = assemble([], [], 32_000, name_rest=halves, min_utterance_s=1.0)
    assert stretch.span == Span(0, 32_000)


def test_room_has_nobody_elses_speech() -> None:
    others = [Span.of_seconds(0, 1.1), Span.of_seconds(2.9, 4)]
    assert keep_apart(spoken(1, 3), others).span == Span.of_seconds(1.1, 2.9)


def test_words_are_not_cut_off_for_somebody_who_speaks_into_them() -> None:
    others = [Span.of_seconds(0, 1.5), Span.of_seconds(2.5, 4)]
    assert keep_apart(spoken(1, 3), others) == spoken(1, 3)


SPANS = st.lists(st.integers(0, 500), max_size=12, unique=True).map(
    lambda cuts: [
        Span(a * GRID, b * GRID)
        for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
    ]
)


@given(spans=SPANS, others=SPANS, extra=st.integers(1, 400))
def test_nothing_is_lost_and_nothing_counted_twice(
    spans: list[Span], others: list[Span], extra: int
) -> None:
    n_samples = 500 * GRID + extra
    utterances = [(Utterance(span=span, text="x", language="en"), ()) for span in spans]
    stretches = assemble(utterances, others, n_samples, name_rest=silent, min_utterance_s=1.0)
    assert gaps([stretch.span for stretch in stretches], n_samples) == []
    assert total_samples(stretch.span for stretch in stretches) == n_samples
