"""How texts of each language are compared: what the table of front ends is for speaking.

It is a table of its own, so that what a voice says does not hang on how it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from voxgate.text.comparison import ComparisonRules
from voxgate.text.front_ends import require_language

__all__ = ["comparison_rules"]


def comparison_rules(language: str) -> ComparisonRules:
    """Return what texts of a language are compared by, word by word.

    Raises:
        TextError: the language has no front end.
    """
    require_language(language)
    return _RULES[language]()


def _english() -> ComparisonRules:
    from voxgate.text.english.comparison import RULES

    return RULES


_RULES: Mapping[str, Callable[[], ComparisonRules]] = {"en": _english}
"""For every language that has a front end."""
