"""Give words at cuts to the side that says them: the second pass hears each side alone.

The first pass times words by attention, good to some tenths of a second, so a word beside a pause
may have been given to the wrong side of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import jiwer

from voxgate.corpus.cutting.stretches import Utterance
from voxgate.text.spaceless import join_words
from voxgate.types import WordTiming

__all__ = ["NEAR_S", "settle_words", "word_errors"]

NEAR_S = 3.0
"""Words are not looked for behind a longer silence."""

_MOST_MOVED = 4

Normaliser = Callable[[str], str]


def settle_words(
    utterances: Sequence[Utterance], heard: Sequence[str], normalise: Normaliser
) -> list[Utterance]:
    """Move up to four words over each cut where both sides then agree better with `heard`.

    The other side of a cut is the next utterance, or the next one that has words at all.

    Args:
        utterances: in order.
        heard: what the second pass heard in each, alone.
        normalise: brings texts to the words that are compared.

    Returns:
        The same utterances, words and texts changed only where fewer errors are left.
    """
    settled = list(utterances)
    for n, m in _neighbours(utterances):
        left, right = settled[n], settled[m]
        if right.span.start_s - left.span.end_s <= NEAR_S:
            pair = _best_split(left, right, (heard[n], heard[m]), normalise)
            settled[n], settled[m] = pair
    return settled


def word_errors(reference: str, hypothesis: str) -> int:
    """Return how many words must change to make one normalised text the other."""
    if not reference.split() or not hypothesis.split():
        return max(len(reference.split()), len(hypothesis.split()))
    words = jiwer.process_words(reference, hypothesis)
    return int(words.substitutions + words.deletions + words.insertions)


def _neighbours(utterances: Sequence[Utterance]) -> Iterator[tuple[int, int]]:
    for n in range(len(utterances) - 1):
        yield n, n + 1
        worded = (m for m in range(n + 2, len(utterances)) if utterances[m].words)
        if utterances[n].words and not utterances[n + 1].words:
            yield from ((n, m) for m in islice(worded, 1))


def _best_split(
    left: Utterance, right: Utterance, heard: Sequence[str], normalise: Normaliser
) -> tuple[Utterance, Utterance]:
    targets = [normalise(text) for text in heard]
    words = [*left.words, *right.words]
    at = len(left.words)

    def errors(cut: int) -> tuple[int, int]:
        parts = (words[:cut], words[cut:])
        texts = [normalise(join_words(word.word for word in part)) for part in parts]
        return sum(map(word_errors, texts, targets)), abs(cut - at)

    now = errors(at)
    if now[0] == 0:
        return left, right
    cut = min(range(max(0, at - _MOST_MOVED), min(len(words), at + _MOST_MOVED) + 1), key=errors)
    if errors(cut)[0] >= now[0]:
        return left, right
    return _holding(left, words[:cut]), _holding(right, words[cut:])


def _holding(utterance: Utterance, words: Sequence[WordTiming]) -> Utterance:
    held = tuple(words)
    return replace(utterance, text=join_words(word.word for word in held), words=held)
