"""Which cut has which true word: who said too much, too little, or something else.

A cut may hold several true clips, and a clip may lie in several cuts. So clips and cuts that share
any time are put together, the words of all their clips are aligned with the words of all their
cuts (fewest errors, in the order of time), and each true word belongs to the cut in which it was
heard. A true word that was not heard belongs to the cut in whose span its time lies, which is
estimated from its place among the letters of its clip; where no cut with a text is, it is lost, and
no cut's error. Words in a cut that belong to no clip (another speaker's, invented ones) are that
cut's insertions. Writing a word together or apart ("touch tone", "touchtone") is no error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import jiwer

from scripts.corpus.cuts import Cut
from scripts.corpus.truth import Event
from scripts.corpus.wording import Wording
from voxgate.corpus.cutting.spans import total_samples
from voxgate.evaluation.rates import ErrorCounts

__all__ = ["Assignment", "assign_words", "word_times"]


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """`counts`: errors and true words of each cut with a text, by its place in the list of cuts.

    `lost`: true words that are in none of them.
    """

    counts: dict[int, ErrorCounts]
    lost: int


def assign_words(events: Sequence[Event], cuts: Sequence[Cut], wording: Wording) -> Assignment:
    """Give each true word of `events` (of the wanted speaker, in order) to a cut, or to none."""
    texts = {place: wording(cut.text) for place, cut in enumerate(cuts) if cut.text is not None}
    errors, words = dict.fromkeys(texts, 0), dict.fromkeys(texts, 0)
    lost = 0
    for said, places in _groups(events, [(place, cuts[place]) for place in texts]):
        times = [time for event in said for time in word_times(event, wording)]
        heard = [(word, place) for place in places for word in texts[place]]
        heard = _written_as([word for word, _ in times], heard)
        owners = [_owner(at, places, cuts) for _, at in times]
        for true, hypothesis, is_error in _aligned([word for word, _ in times], heard):
            place = _place(true, hypothesis, owners, heard)
            if place is None:
                lost += 1
                continue
            errors[place] += is_error
            words[place] += true is not None
    counts = {place: ErrorCounts(errors=errors[place], reference=words[place]) for place in texts}
    return Assignment(counts=counts, lost=lost)


def word_times(event: Event, wording: Wording) -> list[tuple[str, int]]:
    """Return each word of a clip, and the sample at which its middle is, by its letters.

    Pauses of the clip count no letter.
    """
    words = wording(event.text)
    letters = sum(len(word) + 1 for word in words)
    spoken = total_samples(event.speech)
    found, before = [], 0
    for word in words:
        middle = (before + (len(word) + 1) / 2) / letters * spoken
        found.append((word, _at(event, middle)))
        before += len(word) + 1
    return found


def _at(event: Event, spoken: float) -> int:
    """Return the sample at which that much of a clip has been spoken."""
    for span in event.speech:
        if spoken < span.n_samples:
            return span.start + int(spoken)
        spoken -= span.n_samples
    return event.speech[-1].end - 1


def _groups(
    events: Sequence[Event], cuts: Sequence[tuple[int, Cut]]
) -> Iterator[tuple[list[Event], list[int]]]:
    """Yield clips and places of cuts that hang together by shared time, each once."""
    spans: list[tuple[int, int, Event | None, int | None]] = [
        (event.speech[0].start, event.speech[-1].end, event, None) for event in events
    ]
    spans += [(cut.span.start, cut.span.end, None, place) for place, cut in cuts]
    said: list[Event] = []
    places: list[int] = []
    until = 0
    for start, end, event, place in sorted(spans, key=lambda one: one[:2]):
        if start >= until and (said or places):
            yield said, places
            said, places = [], []
        said += [event] if event is not None else []
        places += [place] if place is not None else []
        until = max(until, end)
    if said or places:
        yield said, places


def _written_as(true: Sequence[str], heard: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Divide heard words as true ones of the same letters are divided."""
    runs = {size: list(_runs(true, size)) for size in (1, 2, 3)}
    apart = {"".join(run): run for size in (3, 2) for run in runs[size]}
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(heard):
        word, place = heard[at]
        size = next((n for n in (3, 2) if _is_apart([w for w, _ in heard[at : at + n]], runs)), 1)
        if size > 1:
            found.append(("".join(w for w, _ in heard[at : at + size]), place))
        elif word in apart and (word,) not in runs[1]:
            found += [(part, place) for part in apart[word]]
        else:
            found.append((word, place))
        at += size
    return found


def _runs(words: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[n : n + size]) for n in range(len(words) - size + 1))


def _is_apart(words: Sequence[str], true: Mapping[int, Sequence[tuple[str, ...]]]) -> bool:
    """Tell whether these words are one true word, and are nowhere said as several."""
    return ("".join(words),) in true[1] and tuple(words) not in true[len(words)]


def _place(
    true: int | None,
    hypothesis: int | None,
    owners: Sequence[int | None],
    heard: Sequence[tuple[str, int]],
) -> int | None:
    """Return the cut that answers for a step of the alignment: where it was heard, or was not."""
    if hypothesis is not None:
        return heard[hypothesis][1]
    assert true is not None
    return owners[true]


def _owner(at: int, places: Sequence[int], cuts: Sequence[Cut]) -> int | None:
    return next((p for p in places if cuts[p].span.start <= at < cuts[p].span.end), None)


def _aligned(
    true: Sequence[str], heard: Sequence[tuple[str, int]]
) -> Iterator[tuple[int | None, int | None, bool]]:
    """Yield (place among the true words, place among the heard ones, whether it is an error)."""
    if not true or not heard:
        yield from ((place, None, True) for place in range(len(true)))
        yield from ((None, place, True) for place in range(len(heard)))
        return
    output = jiwer.process_words(" ".join(true), " ".join(word for word, _ in heard))
    for chunk in output.alignments[0]:
        mine = range(chunk.ref_start_idx, chunk.ref_end_idx)
        theirs = range(chunk.hyp_start_idx, chunk.hyp_end_idx)
        if chunk.type == "delete":
            yield from ((place, None, True) for place in mine)
        elif chunk.type == "insert":
            yield from ((None, place, True) for place in theirs)
        else:
            is_error = chunk.type == "substitute"
            yield from ((a, b, is_error) for a, b in zip(mine, theirs, strict=True))
