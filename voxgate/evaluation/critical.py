"""Which words of a prompt must not change: numbers, dates, amounts, names and negations.

One wrong word is a blemish in "the dog slept under the table" and a wrong dose in "not more than
two at night". The lists are closed; what they get wrong in a prompt is corrected in the
prompt file, whose content is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from voxgate.errors import TextError
from voxgate.evaluation.critical_runs import RUN_LANGUAGES, critical_runs

__all__ = ["critical_words"]


@dataclass(frozen=True, kw_only=True)
class _Rules:
    """The words of one language, in lower case.

    `pronouns` are numbers that a text also uses as pronouns ("each one"): they count only where
    the text writes digits for them. `dates` are told from names only where they begin a sentence;
    those that are other words there too are left out. `no_names` are capitalised everywhere.
    """

    numbers: frozenset[str]
    pronouns: frozenset[str]
    amounts: frozenset[str]
    dates: frozenset[str]
    negations: frozenset[str]
    negative_ending: str
    no_names: frozenset[str]


def critical_words(text: str, normalised: str, language: str) -> tuple[str, ...]:
    """Return the words of `normalised` that must not change, as often and in the order said.

    These are number words and ordinals, what amounts are counted in, noon and
    midnight, weekdays and months,
    negations, and names: capitalised words that begin no sentence, which includes spelled letters
    and titles. A word with hyphens is several words. Of Chinese, Cantonese and Japanese they are
    runs of characters (`critical_runs`).

    >>> critical_words("Pay Ada $21 now, not on Friday.",
    ...     "Pay Ada twenty-one dollars now, not on Friday.", "en")
    ('Ada', 'twenty', 'one', 'dollars', 'not', 'Friday')

    Raises:
        TextError: the language has no list.
    """
    if language in RUN_LANGUAGES:
        return critical_runs(text, normalised, language)
    rules = _RULES.get(language)
    if rules is None:
        known = ", ".join((*_RULES, *RUN_LANGUAGES))
        raise TextError(
            f"critical words of language {language!r}: there are lists for {known}; write one in "
            "voxgate/evaluation/critical.py, or name the words of each prompt in its file"
        )
    said_as_such = {word.lower() for word, _ in _words(text)} & rules.pronouns
    return tuple(
        word
        for word, begins in _words(normalised)
        if word.lower() not in said_as_such and _is_critical(word, begins=begins, rules=rules)
    )


def _is_critical(word: str, *, begins: bool, rules: _Rules) -> bool:
    plain = word.lower()
    if plain in rules.numbers | rules.amounts | rules.negations:
        return True
    if plain.endswith(rules.negative_ending):
        return True
    if begins:
        return plain in rules.dates
    return word[0].isupper() and plain.partition("'")[0] not in rules.no_names


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words, and whether each begins a sentence."""
    begins = True
    for match in _WORD.finditer(text):
        if match["end"]:
            begins = True
        else:
            yield match["word"], begins
            begins = False


_WORD = re.compile(r"(?P<word>[^\W_]+(?:'[^\W_]+)*)|(?P<end>[.?!])")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ENGLISH = _Rules(
    numbers=_set(
        "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
        "eighty ninety hundred thousand million billion dozen half twice first second third "
        "fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth "
        "fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth"
    ),
    pronouns=_set("one"),
    amounts=_set("percent dollar dollars cent cents euro euros pound pounds noon midnight"),
    dates=_set(
        "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays "
        "thursdays fridays saturdays sundays january february april june july august september "
        "october november december"
    ),
    negations=_set("not no never none nobody nothing nowhere neither nor without cannot"),
    negative_ending="n't",
    no_names=_set("i"),
)
_RULES = {"en": _ENGLISH}
