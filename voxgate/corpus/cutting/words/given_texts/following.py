"""Lay the words of a given transcript over those that were heard: times from here, text from there.

G counts given words, H heard ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import jiwer
import numpy as np

from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words.given_texts.lines import GivenTranscript
from voxgate.errors import TranscriptError
from voxgate.text.bare_words import bare_word
from voxgate.text.spaceless import split_words
from voxgate.types import WordTiming

__all__ = ["follow", "words_not_given"]

_LEAST_SHARE = 0.5
"""Of the shorter of both, in words that agree: texts of other recordings share 0.1 to 0.3."""

_FASTEST_WORD_S = 0.12
"""Given words that nobody heard are there only if enough is spoken there to say them."""

_LATEST_S = 5.0


@dataclass(frozen=True)
class _Part:
    """Given words `first` to `last`, and the heard words `heard_first` to `heard_last` there."""

    first: int
    last: int
    heard_first: int
    heard_last: int
    agree: bool


def follow(
    given: GivenTranscript,
    heard: Sequence[WordTiming],
    *,
    islands: Sequence[Span],
    duration_s: float,
) -> list[WordTiming]:
    """Return the given words with the times of the heard ones.

    Where both disagree the given words stand in the place of the heard ones, so that what is heard
    later can doubt them. Words that were heard and not given stay; given words that were not heard
    go between their neighbours, if enough is spoken there (`islands`) to say them, and else are no
    part of this recording (a chapter that begins earlier, a paragraph that was left out).

    Raises:
        TranscriptError: it is the transcript of another recording; the figures say so.
    """
    words = _with_marks(given.words)
    heard = [part for word in heard for part in _parted(word)]
    parts = _parts([bare_word(word) for word in words], [bare_word(each.word) for each in heard])
    _require_same_recording(given, parts, len(words), len(heard), duration_s)
    return [timing for part in parts for timing in _laid(part, words, heard, (islands, duration_s))]


def words_not_given(given: GivenTranscript, texts: Sequence[str]) -> list[list[str]]:
    """Return, for each text in order, its words that the transcript does not have there."""
    owners = [
        (n, word) for n, text in enumerate(texts) for word in split_words(text) if bare_word(word)
    ]
    missing: list[list[str]] = [[] for _ in texts]
    given_words = [bare_word(word) for word in _with_marks(given.words)]
    for part in _parts(given_words, [bare_word(word) for _, word in owners]):
        if not part.agree and part.heard_last - part.heard_first > part.last - part.first:
            for owner, word in owners[part.heard_first : part.heard_last]:
                missing[owner].append(word)
    return missing


def _parted(heard: WordTiming) -> list[WordTiming]:
    """Part what was heard as one word into the characters that are words, each with its time."""
    words = split_words(heard.word)
    if len(words) < 2:  # noqa: PLR2004 nothing to part
        return [heard]
    step_s = (heard.end_s - heard.start_s) / len(words)
    starts = [heard.start_s + step_s * n for n in range(len(words))]
    return [
        replace(heard, word=word, start_s=start_s, end_s=start_s + step_s)
        for word, start_s in zip(words, starts, strict=True)
    ]


def _with_marks(words: Sequence[str]) -> list[str]:
    """Join what is only a mark, such as a dash, to the word before it."""
    joined: list[str] = []
    for word in words:
        if bare_word(word):
            joined.append(word)
        elif joined:
            joined[-1] += f" {word}"
    return joined


def _parts(given: Sequence[str], heard: Sequence[str]) -> list[_Part]:
    """Align both as a whole, with the fewest changes of words."""
    if not given or not heard:
        return [_Part(0, len(given), 0, len(heard), agree=False)]
    known = [each or "?" for each in heard]  # a mark alone is no given word
    chunks = jiwer.process_words(" ".join(given), " ".join(known)).alignments[0]
    parts: list[_Part] = []
    for chunk in chunks:
        part = _Part(
            chunk.ref_start_idx,
            chunk.ref_end_idx,
            chunk.hyp_start_idx,
            chunk.hyp_end_idx,
            agree=chunk.type == "equal",
        )
        joined = _joined(parts[-1], part) if parts else None
        parts[-1 if joined else len(parts) :] = [joined or part]
    return parts


def _joined(one: _Part, other: _Part) -> _Part | None:
    """Join neighbours that differ, if both sides have about as many words: "did you" for a name."""
    given, heard = other.last - one.first, other.heard_last - one.heard_first
    if one.agree or other.agree or max(given, heard) > 2 * min(given, heard) + 1:
        return None
    return _Part(one.first, other.last, one.heard_first, other.heard_last, agree=False)


def _require_same_recording(
    given: GivenTranscript, parts: Sequence[_Part], n_given: int, n_heard: int, duration_s: float
) -> None:
    agreeing = sum(part.last - part.first for part in parts if part.agree)
    share = agreeing / max(1, min(n_given, n_heard))
    if share < _LEAST_SHARE:
        fault = (
            f"expected the words of this recording ({_LEAST_SHARE:.0%} of the shorter text to "
            f"agree), got {agreeing} of {n_given} given words among {n_heard} heard ones "
            f"({share:.0%}); name the transcript of this recording, or leave it out"
        )
        raise TranscriptError(given.name, [fault])
    if given.end_s is not None and given.end_s > duration_s + _LATEST_S:
        fault = (
            f"expected times inside the recording's {duration_s:.1f} s, got {given.end_s:.1f} s; "
            "name the transcript of this recording"
        )
        raise TranscriptError(given.name, [fault])


def _laid(
    part: _Part,
    words: Sequence[str],
    heard: Sequence[WordTiming],
    around: tuple[Sequence[Span], float],
) -> Iterator[WordTiming]:
    here = heard[part.heard_first : part.heard_last]
    texts = words[part.first : part.last]
    if part.agree:
        yield from (replace(each, word=text) for each, text in zip(here, texts, strict=True))
    elif not texts:
        yield from here
    elif here:
        yield from _spread(texts, here[0].start_s, here[-1].end_s)
    else:
        start_s = heard[part.heard_first - 1].end_s if part.heard_first else 0.0
        following = part.heard_first < len(heard)
        end_s = heard[part.heard_first].start_s if following else around[1]
        spoken_s = sum(max(0.0, min(i.end_s, end_s) - max(i.start_s, start_s)) for i in around[0])
        if spoken_s >= _FASTEST_WORD_S * len(texts):
            yield from _spread(texts, start_s, end_s)


def _spread(texts: Sequence[str], start_s: float, end_s: float) -> Iterator[WordTiming]:
    """Give each word time by its letters; nobody has heard it, so its probability is 0."""
    shares = np.cumsum([0, *(len(bare_word(text)) for text in texts)])
    times = start_s + (end_s - start_s) * shares / shares[-1]
    for text, start, end in zip(texts, times[:-1], times[1:], strict=True):
        yield WordTiming(word=text, start_s=float(start), end_s=float(end), probability=0.0)
