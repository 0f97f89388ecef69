"""What is counted of the texts of a data version, so that only texts that differ are read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from voxgate.errors import TextError
from voxgate.evaluation.data_shape.traits import Traits, find_traits
from voxgate.evaluation.prompt_texts import words_of

__all__ = ["TextFigures", "Texts", "count_texts", "recount"]

Texts = Counter[tuple[str, str]]
"""How often each text occurs, with its language."""


@dataclass(frozen=True, kw_only=True)
class TextFigures:
    """`texts` and those that no front end could read; how often words and phones are said.

    `forms` counts the texts that have exactly these traits.
    """

    texts: int = 0
    unread: int = 0
    words: Counter[str] = field(default_factory=Counter)
    phones: Counter[str] = field(default_factory=Counter)
    forms: Counter[Traits] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """Return JSON values, without texts; `of_json` gives the same figures back."""
        return {
            "texts": self.texts,
            "unread": self.unread,
            "words": dict(self.words),
            "phones": dict(self.phones),
            "forms": [[sorted(traits), count] for traits, count in self.forms.items()],
        }

    @staticmethod
    def of_json(raw: Mapping[str, Any]) -> TextFigures:
        """Return what `as_json` was asked of."""
        return TextFigures(
            texts=raw["texts"],
            unread=raw["unread"],
            words=Counter(raw["words"]),
            phones=Counter(raw["phones"]),
            forms=Counter({frozenset(traits): count for traits, count in raw["forms"]}),
        )


def count_texts(
    texts: Texts, *, phones_of: Callable[[str, str], Iterable[str]], language: str
) -> TextFigures:
    """Count, each different text read once; `phones_of` reads a text in a language.

    A text that cannot be read has no phones. Traits are those of the gate's `language`.
    """
    words: Counter[str] = Counter()
    phones: Counter[str] = Counter()
    forms: Counter[Traits] = Counter()
    unread = 0
    for (text, code), times in texts.items():
        said = words_of(text)
        forms[find_traits(text, len(said), language, normalised=text)] += times
        _add(words, said, times)
        try:
            _add(phones, phones_of(text, code), times)
        except TextError:
            unread += times
    return TextFigures(texts=texts.total(), unread=unread, words=words, phones=phones, forms=forms)


def recount(counted: TextFigures, *, more: TextFigures, fewer: TextFigures) -> TextFigures:
    """Return the figures of the texts that were counted, with some more and without some."""
    return TextFigures(
        texts=counted.texts + more.texts - fewer.texts,
        unread=counted.unread + more.unread - fewer.unread,
        words=counted.words + more.words - fewer.words,
        phones=counted.phones + more.phones - fewer.phones,
        forms=counted.forms + more.forms - fewer.forms,
    )


def _add(counts: Counter[str], names: Iterable[str], times: int) -> None:
    if times == 1:
        counts.update(names)
        return
    for name in names:
        counts[name] += times
