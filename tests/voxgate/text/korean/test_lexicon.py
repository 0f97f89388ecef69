from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError, TextError
from voxgate.text.korean.front_end import KoreanFrontEnd, open_korean
from voxgate.text.korean.lexicon import load_lexicon
from voxgate.text.symbols import symbol_table


def front_end(tmp_path: Path, lines: str) -> KoreanFrontEnd:
    path = tmp_path / "lexicon.ko.tsv"
    path.write_text(lines, encoding="utf-8")
    return open_korean(symbol_table("v2"), lexicon=path)


def phones(front_end: KoreanFrontEnd, text: str) -> str:
    return "".join(phone for word in front_end.read(text).words for phone in word.phones)


def test_terms_beat_the_rules_and_particles_follow_them(tmp_path: Path) -> None:
    own = front_end(tmp_path, "김밥\t김빱\n# a name\n복셀게이트\t복쎌게이트\t복셀게이트를 써요\n")
    assert phones(own, "김밥이") == "ㄱㅣㅁㅃㅏㅂㅣ"
    assert phones(own, "참치김밥") == "ㅊㅏㅁㅊㅣㄱㅣㅁㅃㅏㅂ"
    assert phones(own, "복셀게이트를").startswith("ㅂㅗㄱㅆㅔㄹㄱㅔㅇㅣㅌㅡㄹㅡㄹ")
    assert [word.source for word in own.read("김밥도 국밥도").words] == ["user", "space", "rules"]


def test_a_term_inside_another_word_is_not_read(tmp_path: Path) -> None:
    own = front_end(tmp_path, "대한\t때한\n한국\t항국\n한국대학\t한국때학\n")
    assert phones(own, "대한민국").startswith("ㄷ")
    assert phones(own, "대한 사람").startswith("ㄸ")
    assert phones(own, "한국대학은") == "ㅎㅏㄴㄱㅜㄱㄸㅐㅎㅏㄱㅡㄴ"


def test_inline_readings_beat_terms(tmp_path: Path) -> None:
    own = front_end(tmp_path, "문법\t뭄법\n")
    assert phones(own, "{문법|문뻡}") == "ㅁㅜㄴㅃㅓㅂ"
    assert phones(own, "문법") == "ㅁㅜㅁㅂㅓㅂ"


def test_all_broken_lines_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        front_end(tmp_path, "문법\tmunbeop\nAI\t에이아이\n하나\n은행\t은행\n은행\t으냉\n")
    faults = caught.value.faults
    assert len(faults) == 4
    assert faults[0].startswith("line 1: '문법': the reading 'munbeop' is not hangul; need whole")
    assert "line 2: 'AI': need one word of whole syllables of hangul" in faults[1]
    assert "need the word, a tab, its reading" in faults[2]
    assert "stands in line 4 too" in faults[3]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TextError, match="cannot read the user lexicon"):
        load_lexicon(tmp_path / "none.tsv")
    assert load_lexicon(None).places_in("문법") == {}
