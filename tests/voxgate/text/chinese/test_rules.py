from __future__ import annotations

import re
from collections import Counter

from voxgate.text.chinese.phones import is_syllable
from voxgate.text.chinese.rules import default_readings, rule_readings, rules_text


def test_every_line_gives_a_syllable_to_one_character() -> None:
    for line in rules_text().splitlines():
        if line.startswith("#"):
            continue
        character, reading, pattern = line.split(" ", 2)
        assert len(character) == 1
        assert is_syllable(reading), line
        assert "_" in pattern, line


def test_a_default_stands_once() -> None:
    defaults = Counter(line[0] for line in rules_text().splitlines() if line.endswith(" _"))
    assert set(defaults.values()) == {1}
    assert default_readings()["还"] == "hai2"


def test_rules_look_at_neighbours() -> None:
    assert rule_readings("音乐老师") == {1: "yue4"}
    assert rule_readings("还钱")[0] == "huan2"
    assert 0 not in rule_readings("还有")
    assert rule_readings("第二十五行")[4] == "hang2"


def test_ends_of_the_clause_are_ends() -> None:
    assert rule_readings("曾国藩") == {0: "zeng1"}
    assert not re.search("zeng", str(rule_readings("他曾子承父业")))
