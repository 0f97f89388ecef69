"""Own rules for frequent characters with two readings, where the dictionary alone takes one.

The dictionary of ToJyutping knows words; what depends on the sentence it cannot know: 會 is wui5
before what will happen and wui2 as a meeting, 覺 is gaau3 however far it stands from 瞓. The rules
were checked against the Hong Kong Cantonese Corpus (K. K. Luke, CC BY 4.0), docs/text.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from voxgate.text.cantonese.context_rules import RULES

__all__ = ["reading_in_context"]

_SIGHT = 8
"""Characters on either side that a rule sees: keeps the work linear."""


@dataclass(frozen=True)
class _Rule:
    reading: str
    before: re.Pattern[str]
    behind: re.Pattern[str]


def reading_in_context(text: str, place: int) -> str | None:
    """Return the reading of the character at `place` if a rule knows it there, or None."""
    for rule in _rules().get(text[place], ()):
        before = text[max(0, place - _SIGHT) : place]
        behind = text[place + 1 : place + 1 + _SIGHT]
        if rule.before.search(before) and rule.behind.match(behind):
            return rule.reading
    return None


@cache
def _rules() -> dict[str, tuple[_Rule, ...]]:
    rules: dict[str, tuple[_Rule, ...]] = {}
    for reading, before, character, behind in RULES:
        rule = _Rule(reading, re.compile(f"(?:{before})$"), re.compile(f"(?:{behind})"))
        rules[character] = (*rules.get(character, ()), rule)
    return rules
