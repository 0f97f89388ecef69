"""Where two hearings of an utterance differ, a third one, among its neighbours, may side with one.

Whisper hears a sentence alone otherwise than in the middle of a talk. A third surrounding, the
utterance with the one before and the one after, is a third witness, in any language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Utterance
from voxgate.corpus.cutting.words.hearing import Read, hear_spans
from voxgate.corpus.cutting.words.settling import NEAR_S, word_errors
from voxgate.corpus.cutting.words.windows import MAX_WINDOW_S
from voxgate.ports import Recogniser
from voxgate.text.spaceless import join_words

__all__ = ["Dispute", "hear_thirdly"]

Normaliser = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """Two texts for the utterance at `place` in the list of all."""

    place: int
    first: str
    second: str


def hear_thirdly(
    read: Read,
    utterances: Sequence[Utterance],
    disputes: Sequence[Dispute],
    recogniser: Recogniser,
    cache: ContentCache,
    *,
    normalise: Normaliser,
) -> list[str | None]:
    """Return for each dispute the text that a third hearing has too, wherever the two differ.

    None where it sides with neither, or with one here and the other there; and where an utterance
    has no neighbour within 3 s and a window, since alone it was heard already.

    Raises:
        EvaluatorError: the recogniser failed; finished batches are cached.
    """
    windows = [_window(utterances, dispute.place) for dispute in disputes]
    asked = [n for n, (first, last) in enumerate(windows) if last > first]
    spans = [Span(utterances[a].span.start, utterances[b].span.end) for a, b in windows]
    heard = hear_spans(read, [spans[n] for n in asked], recogniser, cache)
    sides: list[str | None] = [None] * len(disputes)
    for n, transcript in zip(asked, heard, strict=True):
        first, last = windows[n]
        texts = [utterance.text for utterance in utterances[first : last + 1]]
        if not transcript.capped:
            at = disputes[n].place - first
            before, after = texts[:at], texts[at + 1 :]
            sides[n] = _side(disputes[n], transcript.text, before, after, normalise)
    return sides


def _window(utterances: Sequence[Utterance], place: int) -> tuple[int, int]:
    """Return the first and the last utterance to hear: neighbours that are near, if they fit."""
    first = last = place
    if place > 0 and _fits(utterances, place - 1, place):
        first -= 1
    if place + 1 < len(utterances) and _fits(utterances, first, place + 1):
        last += 1
    return first, last


def _fits(utterances: Sequence[Utterance], first: int, last: int) -> bool:
    spans = [utterance.span for utterance in utterances]
    near = all(spans[n + 1].start_s - spans[n].end_s <= NEAR_S for n in range(first, last))
    return near and spans[last].end_s - spans[first].start_s <= MAX_WINDOW_S


def _side(
    dispute: Dispute,
    heard: str,
    before: Sequence[str],
    after: Sequence[str],
    normalise: Normaliser,
) -> str | None:
    """Return the text that is heard at every place where both differ.

    Errors of the neighbours count for both. The two texts are `apart` words apart; only if one is
    that many words nearer to what is heard than the other does it have all of them.
    """

    def errors(text: str) -> int:
        return word_errors(normalise(join_words([*before, text, *after])), normalise(heard))

    apart = word_errors(normalise(dispute.first), normalise(dispute.second))
    nearer = errors(dispute.second) - errors(dispute.first)
    if apart and abs(nearer) == apart:
        return dispute.first if nearer > 0 else dispute.second
    return None
