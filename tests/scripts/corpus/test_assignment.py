from __future__ import annotations

from scripts.corpus.assignment import assign_words, word_times
from scripts.corpus.cuts import Cut
from scripts.corpus.truth import Event, Kind
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status
from voxgate.evaluation.rates import ErrorCounts


def said(start: int, text: str, *, length: int = 40, pause_at: int | None = None) -> Event:
    """Return a clip; samples are hundreds here, so that a test can be read."""
    span = Span(start * 100, (start + length) * 100)
    middle = None if pause_at is None else (start + pause_at) * 100
    speech = (span,) if middle is None else (Span(span.start, middle), Span(middle + 500, span.end))
    return Event(kind=Kind.SPEECH, span=span, speech=speech, speaker="anna", text=text)


def cut(start: int, end: int, text: str | None, status: Status = Status.KEPT) -> Cut:
    return Cut(span=Span(start * 100, end * 100), status=status, text=text)


def assign(events: list[Event], cuts: list[Cut]) -> tuple[dict[int, tuple[int, int]], int]:
    assigned = assign_words(events, cuts, str.split)
    counts = {place: (count.errors, count.reference) for place, count in assigned.counts.items()}
    return counts, assigned.lost


def test_a_cut_may_hold_several_clips() -> None:
    events = [said(0, "one two three four"), said(50, "five six")]
    assert assign(events, [cut(0, 90, "one two three four five six")]) == ({0: (0, 6)}, 0)


def test_a_clip_may_lie_in_several_cuts() -> None:
    events = [said(0, "one two three four")]
    cuts = [cut(0, 20, "one two"), cut(22, 40, "three for")]
    assert assign(events, cuts) == ({0: (0, 2), 1: (1, 2)}, 0)


def test_a_word_belongs_where_it_was_heard_even_if_its_time_says_otherwise() -> None:
    events = [said(0, "a b c extraordinarily")]
    cuts = [cut(0, 30, "a b c"), cut(30, 40, "extraordinarily")]
    assert assign(events, cuts) == ({0: (0, 3), 1: (0, 1)}, 0)


def test_words_that_nobody_kept_are_lost_and_nobodys_errors() -> None:
    events = [said(0, "one two six ten"), said(50, "five six")]
    cuts = [cut(0, 20, "one two"), cut(20, 45, None, Status.REJECTED)]
    assert assign(events, cuts) == ({0: (0, 2)}, 4)


def test_a_word_that_was_left_out_is_an_error_of_the_cut_it_lies_in() -> None:
    events = [said(0, "one two six ten")]
    assert assign(events, [cut(0, 40, "one six ten")]) == ({0: (1, 4)}, 0)


def test_a_word_written_together_or_apart_is_the_same_word() -> None:
    events = [said(0, "touch tone keypad login now")]
    cuts = [cut(0, 20, "touchtone keypad"), cut(20, 40, "log in know")]
    assert assign(events, cuts) == ({0: (0, 3), 1: (1, 2)}, 0)


def test_what_others_say_is_inserted() -> None:
    events = [said(0, "one two six ten")]
    cuts = [cut(0, 60, "one two six ten ciao"), cut(100, 120, "ciao bella")]
    assert assign(events, cuts) == ({0: (1, 4), 1: (2, 0)}, 0)


def test_doubtful_texts_are_counted_apart() -> None:
    events = [said(0, "one two six ten")]
    cuts = [cut(0, 20, "one two"), cut(20, 40, "nonsense", Status.DOUBTFUL)]
    assigned = assign_words(events, cuts, str.split)
    assert assigned.counts[0] == ErrorCounts(errors=0, reference=2)
    assert assigned.counts[1] == ErrorCounts(errors=2, reference=2)


def test_words_are_where_their_letters_are_and_never_in_a_pause() -> None:
    # Eight letters and spaces a half: the pause is after "abc abc".
    times = word_times(said(0, "abc abc abc abc", length=45, pause_at=20), str.split)
    assert [at for _, at in times] == [500, 1500, 3000, 4000]


def test_the_same_word_at_another_time_is_not_what_was_said() -> None:
    assert assign([said(0, "one")], [cut(45, 60, "one")]) == ({0: (1, 0)}, 1)
