from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxgate.text.spaceless import has_spaceless, join_words, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("今天天气很好。", ["今", "天", "天", "气", "很", "好。"]),
        ("《红楼梦》，好吗？", ["《红", "楼", "梦》，", "好", "吗？"]),
        ("花3.5元买iPhone，OK", ["花", "3.5", "元", "买", "iPhone，", "OK"]),
        ("「はい」と言う", ["「は", "い」", "と", "言", "う"]),
        ("オーケー", ["オ", "ー", "ケ", "ー"]),
        ("他说 don't 吧", ["他", "说", "don't", "吧"]),
        ("오늘은 TV를 봐요.", ["오늘은", "TV를", "봐요."]),
        ("Well, it's — 3.5!", ["Well,", "it's", "—", "3.5!"]),
        ("", []),
    ],
)
def test_characters_are_words_where_there_are_no_spaces(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@given(st.text(alphabet="ab 1.,'“—", max_size=30))
def test_texts_with_spaces_are_split_and_joined_at_them(text: str) -> None:
    assert split_words(text) == text.split()
    assert join_words(text.split()) == " ".join(text.split())


@given(st.text(alphabet="今天はいab1，。《 ", max_size=30))
def test_nothing_is_lost(text: str) -> None:
    assert "".join(split_words(text)) == "".join(text.split())
    assert join_words(split_words(text)).replace(" ", "") == "".join(text.split())


def test_words_are_joined_with_a_space_where_their_scripts_have_one() -> None:
    words = ["我", "用", "iPhone", "拍", "照。", "我", "去。"]
    assert join_words(words) == "我用iPhone拍照。我去。"
    assert join_words(["오늘은", "TV를", "봐요."]) == "오늘은 TV를 봐요."
    assert not has_spaceless("오늘은 TV를 “봐요”…")
