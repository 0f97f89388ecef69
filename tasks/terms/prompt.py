"""A sentence that becomes a prompt of the gate: is it fit for that, and what is its line?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from voxgate.errors import ConfigError
from voxgate.evaluation.critical import critical_words
from voxgate.evaluation.critical_runs import RUN_LANGUAGES, find_runs
from voxgate.evaluation.prompt_texts import sentence_length, words_of
from voxgate.excerpts import excerpt
from voxgate.files import digest_bytes
from voxgate.text.front_end import FrontEnd
from voxgate.text.phonemes import Phonemes, to_phonemes

__all__ = ["make_row", "prompt_id", "read_prompt", "term_places"]

PHONES_PER_SECOND = 12.5
MIN_S, MAX_S = 1.5, 12.0
"""How long the shipped prompts are, spoken at that pace: a name alone is too little to judge."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ID_DIGITS = 10


def read_prompt(text: str, front_end: FrontEnd) -> Phonemes:
    """Return how the sentence is read.

    Raises:
        ConfigError: it has several lines or what nobody sees, or is shorter or longer than a
            prompt may be.
        TextError: something in it cannot be read.
    """
    if not text or not text.isprintable() or text != text.strip():
        raise ConfigError(
            "the prompt",
            [f"expected one line of printable text without blanks around it, got {excerpt(text)}"],
        )
    spoken = to_phonemes(text, front_end)
    seconds = sum(len(word.phones) for word in spoken.words) / PHONES_PER_SECOND
    if not MIN_S <= seconds <= MAX_S:
        raise ConfigError(
            "the prompt",
            [
                f"expected {MIN_S} to {MAX_S:.0f} s of speech, got about {seconds:.1f} s; "
                "put a term into a sentence, and part long ones"
            ],
        )
    return spoken


def make_row(
    text: str,
    normalised: str,
    *,
    language: str,
    prompt_class: str,
    block: int,
    term: str | None = None,
) -> dict[str, Any]:
    """Return the line of a prompt file; the words of `term` are among those that must not change.

    Raises:
        ConfigError: the sentence does not say the term, or has no critical word and is to count
            among those that do.
        TextError: the language has no list of critical words.
    """
    in_runs = language in RUN_LANGUAGES
    if in_runs:
        said = [match.span() for match in re.finditer(re.escape(term), normalised)] if term else []
        critical = _runs(text, normalised, language, said)
        is_said = bool(said)
    else:
        places = term_places(normalised, term) if term else frozenset()
        critical = _critical(text, normalised, language, places)
        is_said = bool(places)
    if term and not is_said:
        raise ConfigError(
            "the prompt",
            [f"expected the term {term!r} in the sentence, which is read {normalised!r}"],
        )
    if prompt_class == "critical" and not critical:
        raise ConfigError(
            "the prompt",
            ["class critical: expected a number, date, amount, name or negation, or a --term"],
        )
    return {
        "id": prompt_id(normalised, language),
        "split": "gate",
        "class": prompt_class,
        "text": text,
        "normalised": normalised,
        "words": sentence_length(normalised)
        if in_runs
        else sum(any(map(str.isalpha, word)) for word in normalised.split()),
        "block": block,
        "critical": critical,
    }


def prompt_id(normalised: str, language: str) -> str:
    """Name a prompt by its words: the same sentence has the same id wherever it is added."""
    digest = digest_bytes(" ".join(words_of(normalised)).encode())
    return f"{language}-gate-term-{digest[:_ID_DIGITS]}"


def term_places(normalised: str, term: str) -> frozenset[int]:
    """Return which words of a spoken text belong to the term, wherever it is said.

    >>> sorted(term_places("Ask Siobhan for the Zyrtec, Siobhan.", "siobhan"))
    [1, 5]
    """
    said = [words_of(word)[0] for word in _WORD.findall(normalised)]
    wanted = list(words_of(term))
    return frozenset(
        start + step
        for start in range(len(said) - len(wanted) + 1)
        if wanted and said[start : start + len(wanted)] == wanted
        for step in range(len(wanted))
    )


def _runs(text: str, normalised: str, language: str, said: Sequence[tuple[int, int]]) -> list[str]:
    """Return what the rule finds and the term, in order; what overlaps is one run."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted([*said, *find_runs(text, normalised, language)]):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [normalised[start:end] for start, end in joined]


def _critical(text: str, normalised: str, language: str, places: frozenset[int]) -> list[str]:
    """Return what the rule finds, and the words of the term, each as often as it is said."""
    ruled = Counter(critical_words(text, normalised, language))
    found = []
    for place, word in enumerate(_WORD.findall(normalised)):
        if place in places or ruled[word] > 0:
            found.append(word)
            ruled[word] -= 1
    return found
