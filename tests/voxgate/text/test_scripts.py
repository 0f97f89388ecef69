from __future__ import annotations

import pytest

from voxgate.text.scripts import han_language, has_japanese_word, is_function_word, script_of


@pytest.mark.parametrize(
    ("characters", "script"),
    [
        ("中〇々㗎𨋢", "han"),
        ("あアーｱっ", "kana"),
        ("가ㅏᄀ", "hangul"),
        ("aZéＡ", "latin"),
        ("1、。 %😀ªЖ", "other"),
    ],
)
def test_script(characters: str, script: str) -> None:
    assert {c: script_of(c) for c in characters} == dict.fromkeys(characters, script)


@pytest.mark.parametrize(
    ("characters", "language"),
    [("嘅咗𨋢", "yue"), ("込働気", "ja"), ("们说这", "zh"), ("中国人山", None)],
)
def test_what_a_han_character_tells(characters: str, language: str | None) -> None:
    assert {c: han_language(c) for c in characters} == dict.fromkeys(characters, language)


def test_words_of_grammar_and_words_that_chinese_lacks() -> None:
    assert is_function_word("的")
    assert not is_function_word("山")
    assert has_japanese_word("検索結果")
    assert not has_japanese_word("搜索结果")
