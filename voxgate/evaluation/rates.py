"""Errors in words, other units and characters, counted so that they can be summed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import jiwer

__all__ = [
    "ErrorCounts",
    "corpus_rate",
    "count_character_errors",
    "count_errors",
    "count_unit_errors",
    "mean_rate",
]


@dataclass(frozen=True)
class ErrorCounts:
    """Substitutions + deletions + insertions, and the length of the reference."""

    errors: int
    reference: int

    @property
    def rate(self) -> float:
        """Errors a reference unit; above 1 when more was inserted than there is."""
        return self.errors / self.reference


def count_errors(reference: str, hypothesis: str) -> tuple[ErrorCounts, ErrorCounts]:
    """Count word and character errors between two normalised texts.

    Raises:
        ValueError: the reference has no word; a rate against nothing has no meaning.
    """
    units = count_unit_errors(reference, hypothesis)
    return units, count_character_errors(reference, hypothesis)


def count_unit_errors(reference: str, hypothesis: str) -> ErrorCounts:
    """Count errors between two texts whose units are parted by spaces.

    Raises:
        ValueError: the reference has none; a rate against nothing has no meaning.
    """
    if not reference.split():
        raise ValueError(f"the reference {reference!r} has no word after normalisation")
    return _counts(jiwer.process_words(reference, hypothesis))


def count_character_errors(reference: str, hypothesis: str) -> ErrorCounts:
    """Count errors between two texts character by character."""
    return _counts(jiwer.process_characters(reference, hypothesis))


def corpus_rate(counts: Iterable[ErrorCounts]) -> float | None:
    """Return all errors over all reference units; None when there is nothing to count."""
    pairs = [(count.errors, count.reference) for count in counts]
    total = sum(reference for _, reference in pairs)
    return sum(errors for errors, _ in pairs) / total if total else None


def mean_rate(counts: Iterable[ErrorCounts]) -> float | None:
    """Return the mean of the rates of single utterances, as seed-tts-eval reports it.

    It weighs short utterances more than `corpus_rate` does; the two are different metrics.
    """
    rates = [count.rate for count in counts]
    return sum(rates) / len(rates) if rates else None


def _counts(output: jiwer.WordOutput | jiwer.CharacterOutput) -> ErrorCounts:
    return ErrorCounts(
        errors=output.substitutions + output.deletions + output.insertions,
        reference=output.substitutions + output.deletions + output.hits,
    )
