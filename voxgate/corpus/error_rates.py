"""How far a transcript is from what was heard, in words, characters, and at the edges."""

from __future__ import annotations

from dataclasses import dataclass

import jiwer

__all__ = ["ErrorRates", "edge_error_rate", "error_rates"]


@dataclass(frozen=True, kw_only=True)
class ErrorRates:
    """Rates against the reference; insertions can push them above 1.

    `edge_cer` is the worse of the two ends: a clip that was cut off has its errors there.
    """

    cer: float
    wer: float
    edge_cer: float
    word_errors: int
    words: int


def error_rates(reference: str, hypothesis: str, *, edge_characters: int) -> ErrorRates:
    """Compare two normalised texts.

    Raises:
        ValueError: the reference is empty; a rate against nothing has no meaning.
    """
    if not reference.strip():
        raise ValueError("the reference is empty after normalisation")
    words = jiwer.process_words(reference, hypothesis)
    word_errors = words.substitutions + words.deletions + words.insertions
    return ErrorRates(
        cer=float(jiwer.cer(reference, hypothesis)),
        wer=float(words.wer),
        edge_cer=max(
            edge_error_rate(reference, hypothesis, edge_characters),
            edge_error_rate(reference[::-1], hypothesis[::-1], edge_characters),
        ),
        word_errors=word_errors,
        words=words.hits + words.substitutions + words.deletions,
    )


def edge_error_rate(reference: str, hypothesis: str, characters: int) -> float:
    """Return the character errors among the first `characters` of the reference.

    The texts are aligned as a whole first, so that a single early insertion does not count every
    character behind it; insertions before and inside the edge count.

    >>> edge_error_rate("press one now", "one now", 6)
    1.0
    >>> edge_error_rate("press one now", "press one", 6)
    0.0
    """
    edge = min(characters, len(reference))
    errors = 0
    for chunk in jiwer.process_characters(reference, hypothesis).alignments[0]:
        if chunk.type == "insert":
            inserted = chunk.hyp_end_idx - chunk.hyp_start_idx
            errors += inserted if chunk.ref_start_idx < edge else 0
        elif chunk.type != "equal":
            errors += max(0, min(chunk.ref_end_idx, edge) - chunk.ref_start_idx)
    return errors / edge
