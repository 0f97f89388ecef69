"""How long a prompt should last, judged by how fast the speaker really talks."""

from __future__ import annotations

from collections.abc import Iterable

from voxgate.errors import EvaluatorError
from voxgate.evaluation.benchmark import Prompt

__all__ = ["expected_durations", "speaking_rate"]

_SHORTEST_S = 0.5


def speaking_rate(clips: Iterable[tuple[str, float]]) -> float:
    """Return letters a second over (text, duration in seconds) of the speaker's real clips.

    Letters instead of phonemes, so that a changed lexicon does not change the judge.

    Raises:
        EvaluatorError: there is nothing to measure the rate on.
    """
    pairs = list(clips)
    letters = sum(_letters(text) for text, _ in pairs)
    seconds = sum(duration_s for _, duration_s in pairs)
    if letters == 0 or seconds <= 0:
        raise EvaluatorError("no real clips with text to measure the speaking rate on")
    return letters / seconds


def expected_durations(prompts: Iterable[Prompt], *, letters_per_s: float) -> dict[str, float]:
    """Return the expected length in seconds of each prompt, by id."""
    return {
        prompt.id: round(max(_SHORTEST_S, _letters(prompt.normalised) / letters_per_s), 3)
        for prompt in prompts
    }


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)
