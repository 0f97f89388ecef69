"""The rows of reference, the contract, and speed."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.korean import morphemes
from voxgate.text.korean.front_end import open_korean
from voxgate.text.symbols import PUNCTUATION, symbol_table

ROWS = Path("tests/cases/languages/ko.jsonl")
LATIN_WORD = re.compile(r"(?<![\d ])[A-Za-z]{2,}|(?<!\d) [A-Za-z]{2,}")
FRONT_END = open_korean(symbol_table("v2"), lexicon=None)


def phones(text: str) -> list[str]:
    return [phone for word in FRONT_END.read(text).words for phone in word.phones]


def answers(row: dict[str, Any]) -> list[list[str]]:
    also = [other["phones"] for other in row.get("also", [])]
    given = [row["phones"], *also]
    return [answer.split() if isinstance(answer, str) else answer for answer in given]


@pytest.mark.parametrize(("upstream_is_wrong", "right"), [(False, 33), (True, 10)])
def test_rows_of_reference(upstream_is_wrong: bool, right: int) -> None:
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if bool(row["upstream_wrong"]) is upstream_is_wrong]
    rows = [row for row in rows if not LATIN_WORD.search(row["text"])]
    wrong = [row["text"] for row in rows if phones(row["text"]) not in answers(row)]
    assert len(rows) - len(wrong) == right, wrong
    assert not wrong


def test_it_is_a_front_end() -> None:
    front_end: FrontEnd = FRONT_END
    assert (front_end.language, front_end.shared_run) == ("ko", 8)
    assert len(front_end.dictionary_digest) == len(
        open_korean(symbol_table("v2"), lexicon=None).dictionary_digest
    )


def test_the_first_table_has_no_korean() -> None:
    with pytest.raises(TextError, match=r"table 'v1' has no Korean \(ko\); it is in v2"):
        open_korean(symbol_table("v1"), lexicon=None)


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    morphemes.analyser_version.cache_clear()
    monkeypatch.setitem(sys.modules, "mecab", None)
    with pytest.raises(
        TextError, match=r"'mecab', which is not installed: pip install 'voxgate\[ko\]'"
    ):
        open_korean(symbol_table("v2"), lexicon=None)


def test_words_and_spaces_and_marks_are_words_of_their_own() -> None:
    words = FRONT_END.read("“문법은” 3개, 네~").words
    assert [(word.word, word.source) for word in words] == [
        ('"', "mark"),
        ("문법은", "list"),
        ('"', "mark"),
        (" ", "space"),
        ("세개", "rules"),
        (",", "mark"),
        (" ", "space"),
        ("네", "rules"),
        ("~", "mark"),
    ]
    assert words[0].phones == words[-1].phones == ("停",)
    assert words[3].phones == ("空",)


def test_inline_readings_are_read_and_kept() -> None:
    spoken = FRONT_END.read("{뷁|불}을 {독립|동닙} 기념")
    assert spoken.text == "{뷁|불}을 {독립|동닙} 기념"
    assert (
        "".join(p for word in spoken.words for p in word.phones)
        == "ㅂㅜㄹㅡㄹ空ㄷㅗㅇㄴㅣㅂ空ㄲㅣㄴㅣㅓㅁ"
    )
    assert spoken.words[0].source == "inline"
    assert spoken.words[0].word == "뷁을"
    assert FRONT_END.read(spoken.text) == spoken


def test_an_inline_reading_that_is_no_hangul_is_named() -> None:
    with pytest.raises(
        TextError, match=r"\{은행\|eunhaeng\}: the reading 'eunhaeng' is not hangul"
    ):
        FRONT_END.normalise("{은행|eunhaeng}에")


def test_units_are_syllables() -> None:
    assert FRONT_END.units("3개, 네~ {문법|문뻡}!") == tuple("세개네문법")
    assert FRONT_END.units("...") == ()
    assert FRONT_END.read("...").words == ()


def test_marks_are_themselves_and_phones_are_in_the_table() -> None:
    words = FRONT_END.read("정말?! 네… 공일공-일이삼사, (끝).").words
    assert all(phone in FRONT_END.symbols for word in words for phone in word.phones)
    assert all(word.phones == (word.word,) for word in words if word.word in PUNCTUATION)


@seed(16)
@settings(max_examples=200, deadline=None, database=None)
@given(
    st.text(
        alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
        | st.sampled_from(list(' ,.!?~"-0123456789개월명할일이')),
        max_size=16,
    )
)
def test_any_hangul_has_phones_of_the_table_and_is_the_same_when_normalised(text: str) -> None:
    spoken = FRONT_END.read(text)
    assert all(phone in FRONT_END.symbols for word in spoken.words for phone in word.phones)
    assert FRONT_END.read(spoken.text) == spoken
    assert "".join(word.word for word in spoken.words) == spoken.text


def test_a_thousand_characters_a_second() -> None:
    text = "저는 2024년 3월 5일 오후 3시 30분에 친구 20명과 한국어 문법을 공부했습니다. " * 50
    FRONT_END.read("안녕")
    start = time.process_time()
    FRONT_END.read(text)
    assert len(text) / (time.process_time() - start) > 1_000


@pytest.mark.parametrize(
    "piece", ["가", "안녕 ", "1,", "((", "1~", "-", "3개 ", "ㅋ", "1-1", "漢", "$1", "'1"]
)
def test_long_texts_without_marks_are_read_in_time(piece: str) -> None:
    text = piece * (8_000 // len(piece))
    start = time.process_time()
    FRONT_END.read(text)
    assert time.process_time() - start < 5
