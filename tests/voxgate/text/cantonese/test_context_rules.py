from __future__ import annotations

from voxgate.text.cantonese.context_rules import RULES
from voxgate.text.cantonese.syllables import parse_syllable


def test_rules_give_syllables_for_one_character_each() -> None:
    for reading, _, character, _ in RULES:
        assert str(parse_syllable(reading)) == reading
        assert len(character) == 1


def test_no_rule_stands_there_twice() -> None:
    assert len(set(RULES)) == len(RULES)
