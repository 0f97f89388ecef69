"""How texts of each language are compared: what the table of front ends is for speaking.

It is a table of its own, so that what a voice says does not hang on how it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial

from voxgate.errors import TextError
from voxgate.text.comparison import ComparisonRules, Rewrite, spoken_form
from voxgate.text.front_ends import open_front_end, require_language
from voxgate.text.languages import LANGUAGE_NAMES
from voxgate.text.unit_comparison import Compared, UnitRules, compare_by_units

__all__ = ["WORD_LANGUAGES", "comparison_rules", "front_end_modules", "unit_comparison"]

WORD_LANGUAGES = ("en",)
"""Compared word by word; all others by units of their own (`voxgate.text.counting_units`)."""


def comparison_rules(language: str) -> ComparisonRules:
    """Return what texts of a language are compared by, word by word.

    Raises:
        TextError: the language has no front end, or is not compared by words.
    """
    require_language(language)
    if language not in _RULES:
        raise TextError(
            f"texts of {LANGUAGE_NAMES[language]} are compared by units of their own, not by words "
            "(unit_comparison)"
        )
    return _RULES[language]()


def unit_comparison(language: str, *, spelling: Rewrite) -> Callable[[str], Compared]:
    """Return what texts of a voice in `language` are compared by, with the English in them.

    `spelling` makes contractions and regional spellings of English words equal.

    Raises:
        TextError: the language has no front end, or lacks its libraries.
    """
    front_end = open_front_end(language)
    return compare_by_units(front_end.spans, cache(partial(_unit_rules, spelling=spelling)))


def front_end_modules(language: str) -> tuple[str, ...]:
    """Return the modules whose code, with all that it imports, decides how texts are compared.

    Raises:
        TextError: the language has no front end.
    """
    require_language(language)
    if language in WORD_LANGUAGES:
        return (_RULES[language]().module, spoken_form.__module__)
    own = f"voxgate.text.{_PACKAGES[language]}"
    return (
        f"{own}.comparison",
        f"{own}.front_end",
        _english().module,
        spoken_form.__module__,
        compare_by_units.__module__,
        "voxgate.text.mixed",
    )


def _unit_rules(language: str, *, spelling: Rewrite) -> UnitRules:
    if language in WORD_LANGUAGES:
        form = spoken_form(comparison_rules(language), spelling=spelling)
        return UnitRules(
            sounds=lambda text: tuple(form(text).split()),
            written=lambda text: tuple(form(text).replace(" ", "")),
        )
    return _UNIT_RULES[language]()


def _english() -> ComparisonRules:
    from voxgate.text.english.comparison import RULES

    return RULES


def _chinese() -> UnitRules:
    from voxgate.text.chinese.comparison import sounds, written

    return UnitRules(sounds=sounds, written=written, has_tones=True)


def _cantonese() -> UnitRules:
    from voxgate.text.cantonese.comparison import sounds, written

    return UnitRules(sounds=sounds, written=written, has_tones=True)


def _japanese() -> UnitRules:
    from voxgate.text.japanese.comparison import sounds, written

    return UnitRules(sounds=sounds, written=written)


def _korean() -> UnitRules:
    from voxgate.text.korean.comparison import sounds, written

    return UnitRules(sounds=sounds, written=written)


_RULES: Mapping[str, Callable[[], ComparisonRules]] = {"en": _english}
_UNIT_RULES: Mapping[str, Callable[[], UnitRules]] = {
    "zh": _chinese,
    "yue": _cantonese,
    "ja": _japanese,
    "ko": _korean,
}
_PACKAGES = {"zh": "chinese", "yue": "cantonese", "ja": "japanese", "ko": "korean"}
"""Together they hold every language that has a front end."""
