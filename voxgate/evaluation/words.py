"""The words of one sample: what was asked for against what was heard, counted in two ways."""

from __future__ import annotations

from dataclasses import dataclass

from voxgate.evaluation.protocol import Normalisers
from voxgate.evaluation.rates import count_errors

__all__ = ["WordCounts", "count_words"]


@dataclass(frozen=True, kw_only=True)
class WordCounts:
    """Errors and lengths by their names in the evidence.

    The first four are judged; those of Whisper's normaliser stand beside them because published
    figures were counted so.
    """

    word_errors: int
    ref_words: int
    char_errors: int
    ref_chars: int
    whisper_word_errors: int
    whisper_ref_words: int


def count_words(
    text: str, heard: str, *, capped: bool, normalisers: Normalisers
) -> tuple[WordCounts, float]:
    """Count the errors in what was heard; returns them, and the word error rate as it was heard.

    A capped transcript is a symptom, not a text: it counts as wholly wrong, once, so that the
    length of an endless repetition cannot outweigh every other prompt.

    Raises:
        ValueError: the text has no word.
    """
    judged, published = normalisers.normaliser, normalisers.published
    words, characters = count_errors(judged(text), judged(heard))
    whisper, _ = count_errors(published(text), published(heard))
    counts = WordCounts(
        word_errors=words.reference if capped else words.errors,
        ref_words=words.reference,
        char_errors=characters.reference if capped else characters.errors,
        ref_chars=characters.reference,
        whisper_word_errors=whisper.reference if capped else whisper.errors,
        whisper_ref_words=whisper.reference,
    )
    return counts, words.rate
